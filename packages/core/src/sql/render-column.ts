import type { ColumnDefinition } from "../schema/column-definition.ts";
import { isSqlFragment, textOf, type LiteralValue, type SqlFragment } from "../schema/sql-fragment.ts";
import { checkOf, columnPrimaryKeyOf, isNotNull, isSameName } from "../schema/table-definition.ts";
import { isConstant, parenthesize } from "./expression.ts";
import { quoteIdentifier } from "./quote-identifier.ts";
import { renderCheck, renderConflict, renderConstraintName, renderReferences } from "./render-constraint.ts";
import { renderLiteral } from "./render-literal.ts";

/**
 * Writes a column as it stands in CREATE TABLE and in ADD COLUMN.
 *
 * @param keyColumns The names of the table's primary-key columns: they are NOT NULL unless they say otherwise.
 */
export function renderColumn(column: ColumnDefinition, keyColumns: readonly string[] = []): string {
  const isKey =
    columnPrimaryKeyOf(column) !== undefined || keyColumns.some((name) => isSameName(name, column.name));
  const parts = [
    quoteIdentifier(column.name),
    column.type,
    renderNotNull(column, isKey),
    renderColumnKey(column),
    renderColumnUnique(column),
    column.default === undefined ? undefined : `DEFAULT ${renderDefault(column.default)}`,
    column.collate === undefined ? undefined : `COLLATE ${quoteIdentifier(column.collate)}`,
    column.check === undefined ? undefined : renderCheck(checkOf(column.check)),
    renderColumnReference(column),
    renderGenerated(column),
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

/** Writes what follows DEFAULT: a literal, a bare constant, or an expression in parentheses. */
export function renderDefault(value: LiteralValue | SqlFragment): string {
  if (!isSqlFragment(value)) return renderLiteral(value);
  const text = value.text.trim();
  return isConstant(text) ? text : parenthesize(text);
}

function renderNotNull(column: ColumnDefinition, isKey: boolean): string | undefined {
  if (!isNotNull(column, isKey)) return undefined;
  return `${renderConstraintName(column.notNull?.name)}NOT NULL${renderConflict(column.notNull?.onConflict)}`;
}

function renderColumnKey(column: ColumnDefinition): string | undefined {
  const key = columnPrimaryKeyOf(column);
  if (key === undefined) return undefined;
  const order = key.order === undefined ? "" : ` ${key.order.toUpperCase()}`;
  const conflict = renderConflict(key.onConflict);
  const autoincrement = key.autoincrement === true ? " AUTOINCREMENT" : "";
  return `${renderConstraintName(key.name)}PRIMARY KEY${order}${conflict}${autoincrement}`;
}

function renderColumnUnique({ unique }: ColumnDefinition): string | undefined {
  if (unique === undefined || unique === false) return undefined;
  if (unique === true) return "UNIQUE";
  return `${renderConstraintName(unique.name)}UNIQUE${renderConflict(unique.onConflict)}`;
}

function renderColumnReference({ references }: ColumnDefinition): string | undefined {
  if (references === undefined) return undefined;
  const columns = references.column === undefined ? undefined : [references.column];
  return renderConstraintName(references.name) + renderReferences(references.table, columns, references);
}

function renderGenerated({ generated }: ColumnDefinition): string | undefined {
  if (generated === undefined) return undefined;
  const storage = generated.stored === true ? " STORED" : "";
  return `GENERATED ALWAYS AS ${parenthesize(textOf(generated.as))}${storage}`;
}
