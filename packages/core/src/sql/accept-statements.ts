import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { assertAllowed } from "./assert-allowed.ts";
import { namedParameterError } from "./count-parameters.ts";
import { nextStatement, type StatementSpan } from "./statement-span.ts";
import { unterminatedError } from "./syntax-error.ts";

/** A statement that may run in a revision. */
export interface AcceptedStatement {
  /** Without its semicolon. */
  readonly sql: string;
  /** The first keyword in upper case. */
  readonly verb: string;
  /** How many `?` it has. */
  readonly parameters: number;
}

/**
 * Cuts a script into statements and refuses it when one of them must not run in a revision.
 *
 * @throws {SKM_SQL_SYNTAX} it holds no statement, a NUL character, half a surrogate pair, or something that
 * never ends.
 * @throws {SKM_TX_ESCAPED | SKM_SQL_FORBIDDEN} see {@link assertAllowed}.
 * @throws {SKM_SQL_PARAMETERS} a parameter that is no bare `?`.
 */
export function acceptStatements(sql: string): readonly AcceptedStatement[] {
  assertText(sql);
  const statements: AcceptedStatement[] = [];
  let span = nextStatement(sql, 0);
  while (span !== undefined) {
    statements.push(accept(sql, span));
    span = nextStatement(sql, span.next);
  }
  if (statements.length === 0) {
    throw new MigrationError(
      "SKM_SQL_SYNTAX",
      `cannot run ${quoteForMessage(sql, 80)}: it holds no statement`,
      {
        hint: "remove the call, or write the statement",
      },
    );
  }
  return statements;
}

/**
 * {@link acceptStatements} for a text that must be one statement.
 *
 * @throws {SKM_SQL_MULTI} it holds several.
 */
export function acceptStatement(sql: string): AcceptedStatement {
  const [statement, ...more] = acceptStatements(sql);
  if (statement !== undefined && more.length === 0) return statement;
  const found = more.length + 1;
  throw new MigrationError(
    "SKM_SQL_MULTI",
    `cannot run ${quoteForMessage(sql, 80)} as one statement: it holds ${found}`,
    { details: { statements: found }, hint: "use op.executeScript for several statements" },
  );
}

/**
 * Refuses everything but exactly one statement that may run inside the transaction of a revision; one
 * semicolon may follow it.
 *
 * @throws {SKM_SQL_MULTI} several statements.
 * @throws {SKM_SQL_SYNTAX | SKM_TX_ESCAPED | SKM_SQL_FORBIDDEN | SKM_SQL_PARAMETERS} see
 * {@link acceptStatements}.
 */
export function assertMigrationStatement(sql: string): void {
  acceptStatement(sql);
}

function accept(sql: string, span: StatementSpan): AcceptedStatement {
  const verb = assertAllowed(sql, span);
  if (span.broken !== undefined) throw unterminatedError(sql, span.broken);
  if (span.named !== undefined) throw namedParameterError(sql, span.named);
  return { sql: sql.slice(span.lead, span.end), verb, parameters: span.parameters };
}

function assertText(sql: unknown): asserts sql is string {
  if (typeof sql !== "string") throw new TypeError(`SQL must be a string or sql\`…\`, got ${typeof sql}`);
  const problem = sql.includes("\0")
    ? "a NUL character, where some engines stop reading"
    : sql.isWellFormed()
      ? undefined
      : "half of a surrogate pair";
  if (problem === undefined) return;
  throw new MigrationError("SKM_SQL_SYNTAX", `cannot run ${quoteForMessage(sql, 80)}: it holds ${problem}`, {
    hint: "pass the value as a parameter",
  });
}
