import type { TableDefinition } from "../schema/table-definition.ts";
import { checkOf, primaryKeyColumnsOf, primaryKeyOf, uniquesOf } from "../schema/table-definition.ts";
import { quoteIdentifier } from "./quote-identifier.ts";
import { renderColumn } from "./render-column.ts";
import { renderCheck, renderForeignKey, renderPrimaryKey, renderUnique } from "./render-constraint.ts";

export interface RenderTableOptions {
  readonly ifNotExists?: boolean;
}

/**
 * Writes CREATE TABLE, one column or constraint a line. SQLite keeps this text for as long as the table
 * lives, so it is written to be read.
 */
export function renderTable(table: TableDefinition, options: RenderTableOptions = {}): string {
  const key = primaryKeyOf(table);
  const keyColumns = primaryKeyColumnsOf(table);
  const lines = [
    ...table.columns.map((column) => renderColumn(column, keyColumns)),
    ...(key === undefined ? [] : [renderPrimaryKey(key)]),
    ...uniquesOf(table).map(renderUnique),
    ...(table.checks ?? []).map((check) => renderCheck(checkOf(check))),
    ...(table.foreignKeys ?? []).map(renderForeignKey),
  ];
  const head = options.ifNotExists === true ? "CREATE TABLE IF NOT EXISTS" : "CREATE TABLE";
  return `${head} ${quoteIdentifier(table.name)} (\n  ${lines.join(",\n  ")}\n)${renderTableOptions(table)}`;
}

function renderTableOptions(table: TableDefinition): string {
  const options = [
    table.strict === true ? "STRICT" : undefined,
    table.withoutRowid === true ? "WITHOUT ROWID" : undefined,
  ].filter((option) => option !== undefined);
  return options.length === 0 ? "" : ` ${options.join(", ")}`;
}
