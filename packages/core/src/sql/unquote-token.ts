import type { Token } from "./token.ts";

/**
 * The name that a token stands for: a bare word as it is, `"a""b"`, `` `a` ``, `[a]` and `'a'` without their
 * quotes.
 */
export function unquoteToken(sql: string, token: Pick<Token, "start" | "end">): string {
  const open = sql.charAt(token.start);
  if (open === "[") return sql.slice(token.start + 1, token.end - 1);
  if (open !== '"' && open !== "'" && open !== "`") return sql.slice(token.start, token.end);
  return sql.slice(token.start + 1, token.end - 1).replaceAll(open + open, open);
}
