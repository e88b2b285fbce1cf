import { assertColumn } from "../schema/assert-column.ts";
import { object } from "./accept.ts";
import { assertSameName } from "./accept-options.ts";
import { acceptName } from "./accept-sql.ts";
import { acceptColumn } from "./accept-table.ts";
import type { AddColumnOperation, DropColumnOperation, RenameColumnOperation } from "./operation.ts";
import type { DropColumnOptions } from "./operations.ts";
import { argumentOf } from "./place.ts";

const acceptDropOptions = object<DropColumnOptions>({ definition: acceptColumn }, []);

export function addColumn(table: unknown, column: unknown): AddColumnOperation {
  const name = acceptName(table, argumentOf("op.addColumn", "table", table));
  const accepted = acceptColumn(column, argumentOf("op.addColumn", "column", column));
  assertColumn(accepted, name);
  return { kind: "addColumn", table: name, column: accepted };
}

export function dropColumn(table: unknown, column: unknown, options: unknown): DropColumnOperation {
  const dropped: DropColumnOperation = {
    kind: "dropColumn",
    table: acceptName(table, argumentOf("op.dropColumn", "table", table)),
    column: acceptName(column, argumentOf("op.dropColumn", "column", column)),
  };
  if (options === undefined) return dropped;
  const place = argumentOf("op.dropColumn", "options", options);
  const { definition } = acceptDropOptions(options, place);
  if (definition === undefined) return dropped;
  assertColumn(definition, dropped.table);
  assertSameName(dropped.column, definition.name, place);
  return { ...dropped, definition };
}

export function renameColumn(table: unknown, column: unknown, to: unknown): RenameColumnOperation {
  return {
    kind: "renameColumn",
    table: acceptName(table, argumentOf("op.renameColumn", "table", table)),
    column: acceptName(column, argumentOf("op.renameColumn", "column", column)),
    to: acceptName(to, argumentOf("op.renameColumn", "to", to)),
  };
}
