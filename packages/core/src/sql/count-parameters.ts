import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { nextToken, type Token } from "./token.ts";

/**
 * Counts the bare `?` of a statement, leaving out those in strings, names and comments.
 *
 * @throws {SKM_SQL_PARAMETERS} for `?1`, `:name`, `@name` and `$name`: libraries disagree about them, some
 * bind NULL without a word.
 */
export function countParameters(sql: string): number {
  let parameters = 0;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (token.kind !== "variable") continue;
    if (token.end - token.start > 1) throw namedParameterError(sql, token);
    parameters += 1;
  }
  return parameters;
}

export function namedParameterError(sql: string, token: Token): MigrationError {
  const name = sql.slice(token.start, token.end);
  return new MigrationError("SKM_SQL_PARAMETERS", `cannot bind the parameter ${quoteForMessage(name, 60)}`, {
    details: { parameter: name, offset: token.start },
    hint: "write a bare ? for every value and pass the values as an array in the same order",
  });
}
