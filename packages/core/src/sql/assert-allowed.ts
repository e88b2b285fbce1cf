import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isPragmaAllowed, pragmaHint } from "./pragma-rule.ts";
import { isOperator, isWord, type StatementSpan } from "./statement-span.ts";
import { nextToken, type Token } from "./token.ts";
import { unquoteToken } from "./unquote-token.ts";

const transactionVerbs: ReadonlySet<string> = new Set([
  "BEGIN",
  "COMMIT",
  "END",
  "ROLLBACK",
  "SAVEPOINT",
  "RELEASE",
]);

const forbiddenVerbs: Readonly<Record<string, string>> = {
  ATTACH: "run the revisions of each database on their own: a transaction over two files is not atomic",
  DETACH: "remove it: a revision works on one database",
  VACUUM: "run it after the upgrade: it cannot run inside a transaction",
};

/**
 * Refuses a statement that would leave the transaction of the run or cannot work inside it.
 *
 * @returns the verb in upper case, `""` when the statement begins with no word.
 * @throws {SKM_TX_ESCAPED} {@link transactionVerbs}, also behind EXPLAIN.
 * @throws {SKM_SQL_FORBIDDEN} ATTACH, DETACH, VACUUM, most PRAGMAs, load_extension().
 */
export function assertAllowed(sql: string, span: StatementSpan): string {
  const first = nextToken(sql, span.start);
  const verb = verbOf(sql, first);
  const inner = verb === "EXPLAIN" ? explained(sql, first) : first;
  const innerVerb = inner === first ? verb : verbOf(sql, inner);
  if (transactionVerbs.has(innerVerb)) throw escaped(sql, span, innerVerb);
  const hint = forbiddenVerbs[innerVerb];
  if (hint !== undefined) throw forbidden(sql, span, { what: innerVerb, hint });
  if (innerVerb === "PRAGMA") assertPragma(sql, span, inner);
  assertNoExtension(sql, span);
  return verb;
}

function verbOf(sql: string, token: Token | undefined): string {
  return token?.kind === "word" ? sql.slice(token.start, token.end).toUpperCase() : "";
}

/** EXPLAIN does not shield: SQLite runs some PRAGMAs while it prepares them (pragma.html). */
function explained(sql: string, explain: Token | undefined): Token | undefined {
  let token = after(sql, explain);
  if (isWord(sql, token, "QUERY")) token = after(sql, token);
  if (isWord(sql, token, "PLAN")) token = after(sql, token);
  return token;
}

function after(sql: string, token: Token | undefined): Token | undefined {
  return token === undefined ? undefined : nextToken(sql, token.end);
}

/** PRAGMA [schema.]name [= value | (value)] */
function assertPragma(sql: string, span: StatementSpan, pragma: Token | undefined): void {
  let nameToken = after(sql, pragma);
  let next = after(sql, nameToken);
  if (isOperator(sql, next, ".")) {
    nameToken = after(sql, next);
    next = after(sql, nameToken);
  }
  const name = nameToken === undefined ? "" : unquoteToken(sql, nameToken).toLowerCase();
  const form = next === undefined || next.start >= span.end ? "read" : "write";
  if (!isPragmaAllowed(name, form)) {
    throw forbidden(sql, span, { what: `PRAGMA ${name}`, hint: pragmaHint(name) });
  }
}

function assertNoExtension(sql: string, span: StatementSpan): void {
  if (!/load_extension/iu.test(sql.slice(span.start, span.end))) return;
  let token = nextToken(sql, span.start);
  while (token !== undefined && token.start < span.end) {
    const next = nextToken(sql, token.end);
    const isCall = isOperator(sql, next, "(") && (token.kind === "word" || token.kind === "quoted");
    if (isCall && unquoteToken(sql, token).toLowerCase() === "load_extension") {
      const hint = "load extensions in the driver, before the run: a revision must not run foreign code";
      throw forbidden(sql, span, { what: "load_extension()", hint });
    }
    token = next;
  }
}

function escaped(sql: string, span: StatementSpan, verb: string): MigrationError {
  return new MigrationError(
    "SKM_TX_ESCAPED",
    `cannot run ${verb} in a revision: ${quoteForMessage(sql.slice(span.start, span.end), 80)}`,
    {
      details: { verb },
      hint: "remove it: the run opens the transaction, commits it, and rolls it back when anything fails",
    },
  );
}

interface Refusal {
  readonly what: string;
  readonly hint: string;
}

function forbidden(sql: string, span: StatementSpan, { what, hint }: Refusal): MigrationError {
  return new MigrationError(
    "SKM_SQL_FORBIDDEN",
    `cannot run ${what} in a revision: ${quoteForMessage(sql.slice(span.start, span.end), 80)}`,
    { details: { what }, hint },
  );
}
