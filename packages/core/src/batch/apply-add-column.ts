import type { AddColumnChange } from "../ops/table-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import { isSqlFragment, textOf, type SqlFragment } from "../schema/sql-fragment.ts";
import { checkOf, columnPrimaryKeyOf, foldName, isSameName } from "../schema/table-definition.ts";
import { insertColumn } from "../sql/edit-table.ts";
import { isConstant } from "../sql/expression.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderColumn } from "../sql/render-column.ts";
import { placeOf } from "./column-order.ts";
import { textNames, withNative, type Draft } from "./draft.ts";
import { renameColumns } from "./mentions.ts";
import { conflictError } from "./object-error.ts";

export function applyAddColumn(draft: Draft, change: AddColumnChange): Draft {
  const { column } = change;
  const table = draft.inspected.name;
  const attempt = { verb: "add column", object: `${table}.${column.name}` };
  if (draft.names.some((name) => isSameName(name, column.name))) {
    if (change.ifNotExists === true) return draft;
    throw conflictError(attempt, "the table has a column of this name", "choose another name");
  }
  const at = placeOf(draft, change, attempt) ?? draft.text.columns.length;
  const next: Draft = {
    ...draft,
    text: insertColumn(draft.text, renderColumn(inTextNames(draft, column)), at),
    origins: draft.origins.toSpliced(at, 0, null),
    names: draft.names.toSpliced(at, 0, column.name),
  };
  const reason = at === draft.text.columns.length ? rebuildReason(draft, column) : "a column in this place";
  if (reason !== undefined) return withNative(next, { reason: `add ${reason} ("${column.name}")` });
  const sql = `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN ${renderColumn(column)}`;
  return withNative(next, { statements: [{ sql, comment: `add column "${table}.${column.name}"` }] });
}

/** What ADD COLUMN cannot do (lang_altertable.html#alter_table_add_column). An empty table takes more. */
function rebuildReason(draft: Draft, column: ColumnDefinition): string | undefined {
  if (columnPrimaryKeyOf(column) !== undefined) return "a PRIMARY KEY column";
  if (column.unique !== undefined && column.unique !== false) return "a UNIQUE column";
  const isEmpty = draft.context.rows?.get(foldName(draft.inspected.name)) === 0;
  if (column.references !== undefined && hasValue(column.default))
    return "a REFERENCES column with a default";
  if (isEmpty) return undefined;
  if (column.generated?.stored === true) return "a STORED column";
  if (isSqlFragment(column.default) && !isPlainConstant(column.default)) return "a computed default";
  const isNotNull = column.nullable === false || column.notNull !== undefined;
  if (isNotNull && column.generated !== undefined) return undefined;
  // NOT NULL without a default is refused by both; the rebuild would only say so after copying.
  return undefined;
}

function hasValue(value: ColumnDefinition["default"]): boolean {
  return value !== undefined && value !== null;
}

/** CURRENT_TIMESTAMP and its like are no constants to ADD COLUMN, nor is anything in parentheses. */
function isPlainConstant({ text }: SqlFragment): boolean {
  return isConstant(text) && !/^\s*current_/iu.test(text);
}

/** The definition with renamed columns called as in the text of the table. */
function inTextNames(draft: Draft, column: ColumnDefinition): ColumnDefinition {
  const names = textNames(draft);
  if (names.size === 0) return column;
  const { check, generated } = column;
  const rename = (sql: string): string => renameColumns(sql, names);
  const checked = check === undefined ? undefined : checkOf(check);
  return {
    ...column,
    ...(checked === undefined
      ? {}
      : { check: { ...checked, expression: rename(textOf(checked.expression)) } }),
    ...(generated === undefined ? {} : { generated: { ...generated, as: rename(textOf(generated.as)) } }),
  };
}
