import { isSameName } from "../schema/table-definition.ts";
import { replaceColumn, replaceConstraint, withTableName } from "../sql/edit-table.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { isOperator } from "../sql/statement-span.ts";
import type { TableClause } from "../sql/table-clause.ts";
import type { TableText } from "../sql/table-text.ts";
import { nextToken, type Token } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";

/**
 * The text of a table under its temporary name. A CHECK may call a column `table.column`; there the name
 * changes too, and RENAME TO changes it back (lang_altertable.html#alter_table_rename). References to the
 * table keep its real name.
 */
export function nameNewTable(table: TableText, fresh: string): TableText {
  const { name } = table;
  let named = table;
  for (const [index, item] of table.columns.entries()) {
    const sql = item.part.clauses.reduceRight(
      (text, clause) => qualifyClause(text, clause, { name, fresh }),
      item.text,
    );
    if (sql !== item.text) named = replaceColumn(named, index, sql);
  }
  for (const [index, item] of table.constraints.entries()) {
    const sql = qualifyClause(item.text, item.part.clause, { name, fresh });
    if (sql !== item.text) named = replaceConstraint(named, index, sql);
  }
  return withTableName(named, fresh);
}

interface Names {
  readonly name: string;
  readonly fresh: string;
}

function qualifyClause(text: string, clause: TableClause, { name, fresh }: Names): string {
  if (clause.kind !== "check") return text;
  const sql = text.slice(clause.start, clause.end);
  let result = "";
  let from = 0;
  for (const token of qualifiers(sql)) {
    if (!isSameName(unquoteToken(sql, token), name)) continue;
    result += sql.slice(from, token.start) + quoteIdentifier(fresh);
    from = token.end;
  }
  return text.slice(0, clause.start) + result + sql.slice(from) + text.slice(clause.end);
}

/** The names before a point. */
function qualifiers(sql: string): readonly Token[] {
  const found: Token[] = [];
  for (let token = nextToken(sql, 0); token !== undefined;) {
    const next = nextToken(sql, token.end);
    const isName = token.kind === "word" || token.kind === "quoted";
    if (isName && isOperator(sql, next, ".")) found.push(token);
    token = next;
  }
  return found;
}
