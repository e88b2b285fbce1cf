import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Token } from "./token.ts";

/** The error for SQL text that cannot be cut into statements, with the line of the token to blame. */
export function unterminatedError(sql: string, token: Token): MigrationError {
  const line = lineAt(sql, token.start);
  const [what, hint] = describeBroken(sql, token);
  return new MigrationError(
    "SKM_SQL_SYNTAX",
    `cannot split the SQL text into statements: line ${line} begins ${what} that never ends, at ${quoteForMessage(sql.slice(token.start), 40)}`,
    { details: { line, offset: token.start }, hint },
  );
}

/** The line of a position in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

function describeBroken(sql: string, token: Token): readonly [what: string, hint: string] {
  if (token.kind === "word") return ["a trigger", "close the body with a semicolon and END"];
  if (sql.startsWith("/*", token.start)) return ["a comment", "close it with */"];
  if (sql.startsWith("[", token.start)) return ["a quoted name", "close it with ]"];
  const quote = /["'`]/u.exec(sql.slice(token.start))?.[0] ?? "'";
  return [
    quote === "'" ? "a string" : "a quoted name",
    `close it with ${quote}, and double ${quote} inside it`,
  ];
}
