import { rowidNames } from "../schema/rowid-names.ts";
import { foldName } from "../schema/table-definition.ts";
import { replaceColumn, replaceConstraint } from "../sql/edit-table.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { isOperator } from "../sql/statement-span.ts";
import type { TableClause } from "../sql/table-clause.ts";
import type { TableText } from "../sql/table-text.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import { columnTokens } from "./mentions.ts";

/**
 * The expression with strings in single quotes that stand in double ones. SQLite takes `"a"` for a string where
 * there is no column of this name; a build without that still reads such a table, and cannot make it again
 * (quirks.html#double_quoted_string_literals_are_accepted).
 */
export function withSingleQuotes(expression: string, columns: readonly string[]): string {
  const names = new Set([...columns, ...rowidNames].map(foldName));
  let result = "";
  let from = 0;
  for (const token of columnTokens(expression)) {
    const text = unquoteToken(expression, token);
    const isQualified = expression.slice(0, token.start).trimEnd().endsWith(".");
    if (expression.charAt(token.start) !== '"' || isQualified || names.has(foldName(text))) continue;
    result += expression.slice(from, token.start) + renderLiteral(text);
    from = token.end;
  }
  return result + expression.slice(from);
}

/** The same for the checks and generated columns of a table as it is. */
export function tableWithSingleQuotes(table: TableText): TableText {
  const columns = table.columns.map(({ part }) => part.name);
  let text = table;
  for (const [index, item] of table.columns.entries()) {
    const sql = item.part.clauses.reduceRight(
      (rest, clause) => quoteClause(rest, clause, columns),
      item.text,
    );
    if (sql !== item.text) text = replaceColumn(text, index, sql);
  }
  for (const [index, item] of table.constraints.entries()) {
    const sql = quoteClause(item.text, item.part.clause, columns);
    if (sql !== item.text) text = replaceConstraint(text, index, sql);
  }
  return text;
}

/** The same for a CREATE INDEX: what stands before the first parenthesis are names. */
export function indexWithSingleQuotes(sql: string, columns: readonly string[]): string {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (!isOperator(sql, token, "(")) continue;
    return sql.slice(0, token.start) + withSingleQuotes(sql.slice(token.start), columns);
  }
  return sql;
}

function quoteClause(text: string, clause: TableClause, columns: readonly string[]): string {
  if (clause.kind !== "check" && clause.kind !== "generated") return text;
  // The name of the constraint may stand in double quotes too.
  const body = text.slice(clause.start, clause.end);
  const start = clause.start + body.lastIndexOf(clause.expression);
  const end = start + clause.expression.length;
  return text.slice(0, start) + withSingleQuotes(clause.expression, columns) + text.slice(end);
}
