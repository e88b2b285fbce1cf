import type { Statement } from "../driver/statement.ts";
import { renderLiteral } from "./render-literal.ts";
import { tokenize } from "./tokenize.ts";

/**
 * Writes a statement with its values where the parameters stand, ready for a script: with a semicolon at its
 * end, on a line of its own where a comment would hide it.
 *
 * @throws {SKM_LITERAL} a value has no literal.
 */
export function inlineParameters({ sql, params = [] }: Statement): string {
  const tokens = tokenize(sql.trim());
  let next = 0;
  const parts = tokens.map(({ kind, text }) => {
    if (kind !== "variable") return text;
    const value = params[next];
    next += 1;
    return value === undefined ? text : renderLiteral(value);
  });
  const last = tokens.at(-1);
  const end = last?.kind === "comment" && last.text.startsWith("--") ? "\n;" : ";";
  return `${parts.join("")}${end}`;
}
