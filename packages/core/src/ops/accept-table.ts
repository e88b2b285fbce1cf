import { assertTable } from "../schema/assert-table.ts";
import type {
  ColumnDefinition,
  ColumnPrimaryKey,
  ColumnReference,
  ColumnUnique,
  GeneratedDefinition,
  NotNullDefinition,
} from "../schema/column-definition.ts";
import type { TableDefinition } from "../schema/table-definition.ts";
import { assertColumnType } from "../sql/assert-column-type.ts";
import { acceptBoolean, booleanOr, list, object, wrongType, type Accept } from "./accept.ts";
import {
  acceptCheck,
  acceptConflict,
  acceptForeignKey,
  acceptOrder,
  acceptPrimaryKey,
  acceptUnique,
  foreignKeyRules,
} from "./accept-constraint.ts";
import { acceptDefault, acceptExpression, acceptName, acceptObjectName } from "./accept-sql.ts";
import type { TableArgs } from "./operations.ts";
import { describePlace } from "./place.ts";

export const acceptType: Accept<string> = (value, place) => {
  if (typeof value !== "string") throw wrongType(value, place, 'a type name such as "TEXT"');
  assertColumnType(value, () => describePlace(place));
  return value;
};

export const acceptGenerated: Accept<GeneratedDefinition> = object<GeneratedDefinition>(
  { as: acceptExpression, stored: acceptBoolean },
  ["as"],
);

/** Accepts a column by itself; that its properties agree is checked by `assertColumn`. */
export const acceptColumn: Accept<ColumnDefinition> = object<ColumnDefinition>(
  {
    name: acceptName,
    type: acceptType,
    nullable: acceptBoolean,
    notNull: object<NotNullDefinition>({ name: acceptName, onConflict: acceptConflict }, []),
    default: acceptDefault,
    collate: acceptName,
    generated: acceptGenerated,
    primaryKey: booleanOr(
      object<ColumnPrimaryKey>(
        { name: acceptName, autoincrement: acceptBoolean, order: acceptOrder, onConflict: acceptConflict },
        [],
      ),
    ),
    unique: booleanOr(object<ColumnUnique>({ name: acceptName, onConflict: acceptConflict }, [])),
    check: acceptCheck,
    references: object<ColumnReference>(
      { name: acceptName, table: acceptName, column: acceptName, ...foreignKeyRules },
      ["table"],
    ),
  },
  ["name"],
);

const tableArgs = {
  primaryKey: acceptPrimaryKey,
  uniques: list(acceptUnique, 0),
  checks: list(acceptCheck, 0),
  foreignKeys: list(acceptForeignKey, 0),
  strict: acceptBoolean,
  withoutRowid: acceptBoolean,
};

/** Accepts the parts of a table that are no columns, for one that exists. */
export const acceptTableArgs: Accept<TableArgs> = object<TableArgs>(tableArgs, []);

const acceptShape = object<TableDefinition>(
  { name: acceptObjectName, columns: list(acceptColumn, 0), ...tableArgs },
  ["name", "columns"],
);

/**
 * Accepts a table whose parts fit together.
 *
 * @throws {SKM_IDENTIFIER | SKM_LITERAL | SKM_SQL_SYNTAX | SKM_TABLE_DEFINITION}
 */
export const acceptTable: Accept<TableDefinition> = (value, place) => {
  const table = acceptShape(value, place);
  assertTable(table);
  return table;
};
