import { nextToken } from "./token.ts";

export interface StatementClass {
  /** The first keyword in upper case, such as `"SELECT"` or `"WITH"`; `""` when there is none. */
  readonly verb: string;
  /** Nothing but white space, comments and semicolons. */
  readonly empty: boolean;
}

/** Tells what kind of statement a text begins with, looking past comments and stray semicolons. */
export function classifyStatement(sql: string): StatementClass {
  let token = nextToken(sql, 0);
  while (token !== undefined && sql.charAt(token.start) === ";") token = nextToken(sql, token.end);
  if (token === undefined) return { verb: "", empty: true };
  return { verb: token.kind === "word" ? sql.slice(token.start, token.end).toUpperCase() : "", empty: false };
}
