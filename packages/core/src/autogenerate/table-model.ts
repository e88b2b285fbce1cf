import { rowidAlias } from "../batch/constraint-clauses.ts";
import {
  columnPrimaryKeyOf,
  foldName,
  isSameName,
  primaryKeyOf,
  type TableDefinition,
} from "../schema/table-definition.ts";
import type { InspectedTable } from "../schema/database-schema.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { PrimaryKeyDefinition } from "../schema/constraint-definition.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import { tableDefinitionOf } from "../sql/table-definition-of.ts";
import { listConstraints, type ConstraintModel } from "./constraint-model.ts";
import { tidyTable } from "./tidy-table.ts";

export interface ColumnModel {
  readonly definition: ColumnDefinition;
  /** NOT NULL stands at the column. */
  readonly isNotNull: boolean;
  /** The column can never be NULL, whatever stands there: a rowid, a key of a STRICT or WITHOUT ROWID table. */
  readonly neverNull: boolean;
}

/** A table in the form in which it is compared. */
export interface TableModel {
  readonly name: string;
  readonly inspected: InspectedTable;
  readonly definition: TableDefinition;
  readonly columns: readonly ColumnModel[];
  /** The columns by folded name. */
  readonly byName: ReadonlyMap<string, ColumnModel>;
  readonly key: PrimaryKeyDefinition | undefined;
  /** The column that carries the key in its own definition. */
  readonly keyAt: string | undefined;
  /** The column that is another name of the rowid. */
  readonly rowid: string | undefined;
  /** All but the primary key. */
  readonly constraints: readonly ConstraintModel[];
}

/**
 * Reads the text of a table.
 *
 * @throws {SKM_SQL_SYNTAX} our grammar does not explain the text.
 */
export function buildTableModel(inspected: InspectedTable): TableModel {
  const text = parseCreateTable(inspected.sql);
  const rowid = rowidAlias(text);
  const definition = tidyTable({ ...tableDefinitionOf(text), name: inspected.name });
  const own = definition.columns.find((column) => columnPrimaryKeyOf(column) !== undefined);
  const columns = definition.columns.map((column) => toColumn(column, { inspected, rowid }));
  return {
    name: inspected.name,
    inspected,
    definition: withoutRowidNull(definition, rowid),
    columns,
    byName: new Map(columns.map((column) => [foldName(column.definition.name), column])),
    key: own === undefined ? primaryKeyOf(definition) : keyOfColumn(own),
    keyAt: own?.name,
    rowid,
    constraints: listConstraints(definition),
  };
}

/** A rowid is never NULL: what its definition says about that goes without saying. */
function withoutRowidNull(table: TableDefinition, rowid: string | undefined): TableDefinition {
  if (rowid === undefined) return table;
  const columns = table.columns.map((column) => {
    if (!isSameName(column.name, rowid)) return column;
    const { nullable: _nullable, ...rest } = column;
    return rest;
  });
  return { ...table, columns };
}

function keyOfColumn(column: ColumnDefinition): PrimaryKeyDefinition {
  const { order, ...key } = columnPrimaryKeyOf(column) ?? {};
  return { ...key, columns: [order === undefined ? column.name : { column: column.name, order }] };
}

function toColumn(
  definition: ColumnDefinition,
  { inspected, rowid }: { readonly inspected: InspectedTable; readonly rowid: string | undefined },
): ColumnModel {
  const found = inspected.columns.find((column) => isSameName(column.name, definition.name));
  const isNotNull = definition.nullable === false || definition.notNull !== undefined;
  const isRowid = rowid !== undefined && isSameName(rowid, definition.name);
  return { definition, isNotNull, neverNull: isRowid || isKeyOf(inspected, found) };
}

/** The key of a STRICT or WITHOUT ROWID table (stricttables.html, withoutrowid.html). */
function isKeyOf(table: InspectedTable, column: InspectedTable["columns"][number] | undefined): boolean {
  return (table.strict || table.withoutRowid) && (column?.primaryKey ?? 0) > 0;
}

export function findColumn(table: TableModel, name: string): ColumnModel | undefined {
  return table.byName.get(foldName(name));
}
