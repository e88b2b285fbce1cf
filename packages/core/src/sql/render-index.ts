import type { IndexColumn, IndexDefinition } from "../schema/index-definition.ts";
import { isSqlFragment, textOf } from "../schema/sql-fragment.ts";
import { quoteIdentifier } from "./quote-identifier.ts";

export interface RenderIndexOptions {
  readonly ifNotExists?: boolean;
}

/** Writes CREATE INDEX (lang_createindex.html). */
export function renderIndex(index: IndexDefinition, options: RenderIndexOptions = {}): string {
  const unique = index.unique === true ? "UNIQUE " : "";
  const guard = options.ifNotExists === true ? "IF NOT EXISTS " : "";
  const columns = index.columns.map(renderIndexColumn).join(", ");
  const where = index.where === undefined ? "" : `\nWHERE ${textOf(index.where).trim()}`;
  const name = quoteIdentifier(index.name);
  return `CREATE ${unique}INDEX ${guard}${name} ON ${quoteIdentifier(index.table)} (${columns})${where}`;
}

function renderIndexColumn(column: IndexColumn): string {
  if (typeof column === "string") return quoteIdentifier(column);
  if (isSqlFragment(column)) return column.text.trim();
  const subject = "sql" in column ? textOf(column.sql).trim() : quoteIdentifier(column.column);
  const collation = column.collate === undefined ? "" : ` COLLATE ${quoteIdentifier(column.collate)}`;
  const order = column.order === undefined ? "" : ` ${column.order.toUpperCase()}`;
  return `${subject}${collation}${order}`;
}
