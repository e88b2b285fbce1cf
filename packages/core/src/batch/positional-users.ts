import type { InspectedColumn, InspectedView } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { createHeadOf } from "../sql/create-head.ts";
import { isOperator, isWord } from "../sql/statement-span.ts";
import { nextToken, type Token } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import type { Draft } from "./draft.ts";
import { dependentsOf } from "./find-dependents.ts";

/**
 * The views and triggers that go by the position of columns that get another one: `INSERT INTO t VALUES (…)`
 * without names, and `SELECT *` where something counts what it gives. SQLite compiles them as before, or fails
 * only when they are used, and puts values into other columns.
 */
export function positionalUsers(draft: Draft): readonly string[] {
  const { inspected, schema, text, origins } = draft;
  const isPlain = (_: unknown, index: number): boolean =>
    text.columns[index]?.part.clauses.every(({ kind }) => kind !== "generated") ?? false;
  const plain = inspected.columns.filter(({ generated }) => generated === "no");
  const movesAny = moves(inspected.columns, origins);
  const movesPlain = moves(plain, origins.filter(isPlain));
  if (!movesAny && !movesPlain) return [];
  const { views, triggers } = dependentsOf(schema, inspected.name);
  const names = movesAny ? giversOf(views, inspected.name) : new Set<string>();
  const users = triggers.filter(
    ({ sql }) => hasStar(sql, names) || (movesPlain && insertsByPosition(sql, inspected.name)),
  );
  return [
    ...views.filter((view) => countsStar(view, names)).map(({ name }) => `view "${name}"`),
    ...users.map(({ name }) => `trigger "${name}"`),
  ];
}

/** The folded names of the table and of the views that give all its columns, as `SELECT *` does. */
function giversOf(views: readonly InspectedView[], table: string): ReadonlySet<string> {
  const names = new Set([foldName(table)]);
  for (let size = 0; size !== names.size;) {
    size = names.size;
    for (const view of views) if (hasStar(view.sql, names)) names.add(foldName(view.name));
  }
  return names;
}

/** Columns that follow the old ones move none of them. */
function moves(before: readonly InspectedColumn[], after: readonly (string | null)[]): boolean {
  return before.some(({ name }, index) => {
    const now = after[index] ?? null;
    return now === null || !isSameName(now, name);
  });
}

/** A view whose columns have names of their own, or that puts the columns of two queries one upon the other. */
function countsStar({ sql }: InspectedView, names: ReadonlySet<string>): boolean {
  if (!hasStar(sql, names)) return false;
  const head = createHeadOf(sql);
  if (head !== undefined && isOperator(sql, nextToken(sql, head.nameEnd), "(")) return true;
  return tokensOf(sql).some((token, index, all) => {
    if (["UNION", "EXCEPT", "INTERSECT"].some((word) => isWord(sql, token, word))) return true;
    // WITH name (a, b) AS (SELECT * …), and x IN (SELECT * …)
    const [before, next, second] = [all[index - 1], all[index + 1], all[index + 2]];
    const isNamed = isOperator(sql, before, ")") && isWord(sql, token, "AS");
    if (isNamed && (isOperator(sql, next, "(") || isOperator(sql, second, "("))) return true;
    return isWord(sql, token, "IN") && isWord(sql, second, "SELECT");
  });
}

/** `INSERT INTO table VALUES` or `SELECT`, with no list of columns. */
function insertsByPosition(sql: string, table: string): boolean {
  const tokens = tokensOf(sql);
  return tokens.some((token, index) => {
    if (!isWord(sql, token, "INTO")) return false;
    let next = index + 1;
    if (isOperator(sql, tokens[next + 1], ".")) next += 2;
    const name = tokens[next];
    if (name === undefined || !isSameName(unquoteToken(sql, name), table)) return false;
    next += isWord(sql, tokens[next + 1], "AS") ? 3 : 1;
    return !isOperator(sql, tokens[next], "(") && !isWord(sql, tokens[next], "DEFAULT");
  });
}

/** A `*` or `name.*` that stands for the columns of one of these; what EXISTS asks for has none. */
function hasStar(sql: string, names: ReadonlySet<string>): boolean {
  const tokens = tokensOf(sql);
  return tokens.some((token, index) => {
    if (!isOperator(sql, token, "*")) return false;
    const before = tokens[index - 1];
    const isResult =
      ["SELECT", "DISTINCT", "ALL"].some((word) => isWord(sql, before, word)) ||
      isOperator(sql, before, ",") ||
      isOperator(sql, before, ".");
    const isAsked = isWord(sql, tokens[index - 3], "EXISTS");
    return isResult && !isAsked && readsFrom(sql, tokens.slice(index + 1), names);
  });
}

/** Whether the query that these tokens are the rest of names one of the tables at its own level. */
function readsFrom(sql: string, rest: readonly Token[], names: ReadonlySet<string>): boolean {
  let depth = 0;
  for (const token of rest) {
    if (isOperator(sql, token, "(")) depth += 1;
    if (isOperator(sql, token, ")")) depth -= 1;
    if (depth < 0 || isOperator(sql, token, ";")) return false;
    if (depth === 0 && ["WHERE", "GROUP", "ORDER", "LIMIT"].some((word) => isWord(sql, token, word)))
      return false;
    if (names.has(foldName(unquoteToken(sql, token)))) return true;
  }
  return false;
}

function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    tokens.push(token);
  }
  return tokens;
}
