import { acceptAlterColumn, acceptConstraint, acceptDropConstraint } from "./accept-change.ts";
import { acceptName } from "./accept-sql.ts";
import { alterTable } from "./batch-operations.ts";
import type { BatchAlterTableOperation } from "./operation.ts";
import { argumentOf } from "./place.ts";
import type { ConstraintDefinition } from "./table-change.ts";

export interface AlterColumnArguments {
  readonly table: unknown;
  readonly column: unknown;
  readonly changes: unknown;
  readonly options: unknown;
}

export function alterColumn({ table, ...given }: AlterColumnArguments): BatchAlterTableOperation {
  const method = "op.alterColumn";
  const name = acceptName(table, argumentOf(method, "table", table));
  return alterTable(name, acceptAlterColumn({ method, table: name }, given));
}

const methods: Readonly<Record<ConstraintDefinition["kind"], string>> = {
  primaryKey: "op.createPrimaryKey",
  unique: "op.createUniqueConstraint",
  check: "op.createCheckConstraint",
  foreignKey: "op.createForeignKey",
};

export function createConstraint(
  kind: ConstraintDefinition["kind"],
  table: unknown,
  constraint: unknown,
): BatchAlterTableOperation {
  const method = methods[kind];
  const name = acceptName(table, argumentOf(method, "table", table));
  const definition = acceptConstraint({ method, table: name }, kind, constraint);
  return alterTable(name, { kind: "createConstraint", definition });
}

export function dropConstraint(
  table: unknown,
  constraint: unknown,
  options: unknown,
): BatchAlterTableOperation {
  const method = "op.dropConstraint";
  const name = acceptName(table, argumentOf(method, "table", table));
  return alterTable(name, acceptDropConstraint({ method, table: name }, constraint, options));
}
