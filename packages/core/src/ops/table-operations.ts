import { isRecord } from "./accept.ts";
import { acceptAllowDataLoss, acceptCreateOptions, dropOptions } from "./accept-options.ts";
import { acceptName, acceptObjectName } from "./accept-sql.ts";
import { acceptTable } from "./accept-table.ts";
import type { CreateTableOperation, DropTableOperation, RenameTableOperation } from "./operation.ts";
import { argumentOf } from "./place.ts";

const acceptDropOptions = dropOptions("op.dropTable", acceptTable);

export function createTable(table: unknown, options: unknown): CreateTableOperation {
  const accepted = acceptTable(table, argumentOf("op.createTable", "table", table));
  return { kind: "createTable", table: accepted, ...acceptCreateOptions("op.createTable", options) };
}

export function dropTable(table: unknown, options: unknown): DropTableOperation {
  const name = acceptName(table, argumentOf("op.dropTable", "table", table));
  if (!isRecord(options)) return { kind: "dropTable", table: name, ...acceptDropOptions(name, options) };
  const { allowDataLoss, ...rest } = options;
  const parent = argumentOf("op.dropTable", "options", options);
  return {
    kind: "dropTable",
    table: name,
    ...acceptDropOptions(name, rest),
    ...(allowDataLoss === undefined
      ? {}
      : {
          allowDataLoss: acceptAllowDataLoss(allowDataLoss, {
            parent,
            key: "allowDataLoss",
            value: allowDataLoss,
          }),
        }),
  };
}

export function renameTable(table: unknown, to: unknown): RenameTableOperation {
  return {
    kind: "renameTable",
    table: acceptName(table, argumentOf("op.renameTable", "table", table)),
    to: acceptObjectName(to, argumentOf("op.renameTable", "to", to)),
  };
}
