import type { TableClause } from "./table-clause.ts";
import type { ColumnItem } from "./table-text.ts";

/** The text of a column with another type; `undefined` takes the type away. */
export function withType(item: ColumnItem, type: string | undefined): string {
  const { text, part } = item;
  const rest = text.slice(part.typeEnd);
  return `${text.slice(0, part.nameEnd)}${type === undefined ? "" : ` ${type}`}${rest}`;
}

export type ClauseKind = TableClause["kind"];

/** The text of a column with its clauses of one kind replaced by this one, or taken away without one. */
export function withClause(item: ColumnItem, kind: ClauseKind, sql: string | undefined): string {
  const found = item.part.clauses.filter((clause) => clause.kind === kind);
  const [first, ...more] = found;
  if (first === undefined) return sql === undefined ? item.text : appendClause(item, sql);
  let text = item.text;
  for (const clause of more.toReversed()) text = cut(text, clause);
  return sql === undefined ? cut(text, first) : text.slice(0, first.start) + sql + text.slice(first.end);
}

/** The text of a column with one clause replaced, or taken away. */
export function withoutClause(item: ColumnItem, clause: TableClause): string {
  return cut(item.text, clause);
}

/** After the type, before constraints: where people write NOT NULL, DEFAULT and COLLATE. */
function appendClause(item: ColumnItem, sql: string): string {
  const { text, part } = item;
  return `${text.slice(0, part.typeEnd)} ${sql}${text.slice(part.typeEnd)}`;
}

/** Takes a clause and the white space before it. */
function cut(text: string, clause: Pick<TableClause, "start" | "end">): string {
  const before = text.slice(0, clause.start);
  const after = text.slice(clause.end);
  // A comment to the end of its line must not swallow what follows.
  const keepsSpace = /--[^\n]*\n\s*$/u.test(before);
  return (keepsSpace ? before : before.trimEnd()) + (after === "" ? "" : after);
}
