import { nextStatement } from "./statement-span.ts";
import { unterminatedError } from "./syntax-error.ts";

/**
 * Cuts a script into its statements, without the semicolons between them. The semicolons in the body of a
 * trigger, in strings, names and comments do not cut. Comments before a statement stay with it; empty
 * statements vanish. The statements joined with `;\n` are cut into the same statements again.
 *
 * @throws {SKM_SQL_SYNTAX} a string, quoted name, comment or trigger never ends: cutting would be guessing.
 */
export function splitStatements(sql: string): readonly string[] {
  if (typeof sql !== "string") throw new TypeError(`splitStatements needs a string, got ${typeof sql}`);
  const statements: string[] = [];
  let span = nextStatement(sql, 0);
  while (span !== undefined) {
    if (span.broken !== undefined) throw unterminatedError(sql, span.broken);
    statements.push(sql.slice(span.lead, span.end));
    span = nextStatement(sql, span.next);
  }
  return statements;
}
