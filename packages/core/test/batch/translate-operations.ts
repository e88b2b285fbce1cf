import type {
  BatchOperations,
  ColumnChanges,
  ColumnDefinition,
  ConstraintKind,
  ForeignKeyAction,
  ForeignKeyDefinition,
  IndexColumn,
  Operations,
  SqlFragment,
  TableDefinition,
} from "@skillmeat/migrate-core";
import type { VectorColumn, VectorDefault, VectorOperation } from "./vector-case.ts";

const fragment = (text: string): SqlFragment => ({ kind: "sql", text });

/** Says a neutral operation with `op`. */
export function translate(op: Operations, operation: VectorOperation): void {
  const { table = "" } = operation;
  switch (operation.op) {
    case "batch_alter_table":
      return translateBatch(op, operation);
    case "create_table":
      return createTable(op, operation);
    case "drop_table":
      return op.dropTable(operation.name ?? "", { ifExists: operation.if_exists === true });
    case "rename_table":
      return op.renameTable(operation.from ?? "", operation.to ?? "");
    case "execute":
      return op.execute(operation.sql ?? "");
    case "bulk_insert":
      return op.bulkInsert(table, operation.rows ?? []);
    case "create_index":
      return op.createIndex(
        { table, ...toIndex(operation) },
        { ifNotExists: operation.if_not_exists === true },
      );
    case "drop_index":
      return op.dropIndex(operation.name ?? "", { ifExists: operation.if_exists === true });
    case "add_column": {
      const column = asColumn(operation.column);
      op.addColumn(table, toColumn(column));
      if (column.index === true) op.createIndex(ownIndex(table, column));
      return;
    }
    case "drop_column":
      return op.dropColumn(table, operation.name ?? "");
    case "alter_column":
      return op.alterColumn(table, nameOf(operation.column), toChanges(operation));
    case "create_unique_constraint":
      return op.createUniqueConstraint(table, toUnique(operation));
    case "create_check_constraint":
      return op.createCheckConstraint(table, toCheck(operation));
    case "create_foreign_key":
      return op.createForeignKey(table, toForeignKey(operation));
    case "create_primary_key":
      return op.createPrimaryKey(table, toUnique(operation));
    case "drop_constraint":
      return op.dropConstraint(table, toReference(operation));
    default:
      throw new Error(`no translation for ${operation.op}`);
  }
}

function translateBatch(op: Operations, operation: VectorOperation): void {
  const { table = "", recreate, partial_reordering, naming_convention, copy_from } = operation;
  op.batchAlterTable(
    table,
    {
      ...(recreate === undefined ? {} : { recreate }),
      ...(partial_reordering === undefined ? {} : { partialReordering: partial_reordering }),
      ...(naming_convention === undefined ? {} : { namingConvention: naming_convention }),
      ...(copy_from === undefined ? {} : { copyFrom: toTable(copy_from) }),
    },
    (batch) => {
      for (const column of operation.reflect_args ?? []) nameReflectedCheck(batch, column);
      for (const part of operation.ops ?? []) translateChange(batch, table, part);
    },
  );
}

/** `reflect_args` gives a name to a CHECK that Alembic derives from the type; here it is replaced by its text. */
function nameReflectedCheck(batch: BatchOperations, column: VectorColumn): void {
  const expression = `${column.name} IN (0, 1)`;
  batch.dropConstraint({ kind: "check", expression });
  batch.createCheckConstraint({ name: column.constraint_name ?? "", expression });
}

function translateChange(batch: BatchOperations, table: string, part: VectorOperation): void {
  switch (part.op) {
    case "add_column": {
      const column = asColumn(part.column);
      batch.addColumn(toColumn(column), {
        ...(part.insert_before === undefined ? {} : { insertBefore: part.insert_before }),
        ...(part.insert_after === undefined ? {} : { insertAfter: part.insert_after }),
      });
      if (column.index === true) batch.createIndex(ownIndex(table, column));
      return;
    }
    case "drop_column":
      return batch.dropColumn(part.name ?? "");
    case "alter_column":
      return batch.alterColumn(nameOf(part.column), toChanges(part));
    case "create_unique_constraint":
      return batch.createUniqueConstraint(toUnique(part));
    case "create_check_constraint":
      return batch.createCheckConstraint(toCheck(part));
    case "create_foreign_key":
      return batch.createForeignKey(toForeignKey(part));
    case "create_primary_key":
      return batch.createPrimaryKey(toUnique(part));
    case "drop_constraint":
      return batch.dropConstraint(toReference(part));
    case "create_index":
      return batch.createIndex(toIndex(part));
    case "drop_index":
      return batch.dropIndex(part.name ?? "");
    default:
      throw new Error(`no translation for batch.${part.op}`);
  }
}

function nameOf(column: VectorOperation["column"]): string {
  return typeof column === "object" ? column.name : (column ?? "");
}

function asColumn(column: VectorOperation["column"]): VectorColumn {
  if (typeof column !== "object") throw new TypeError("a column is missing");
  return column;
}

const toDefault = (given: VectorDefault): NonNullable<ColumnDefinition["default"]> =>
  "literal" in given ? given.literal : fragment(given.sql);

function toColumn(column: VectorColumn): ColumnDefinition {
  const { server_default: given, computed, check, foreign_key: key } = column;
  const typeCheck =
    column.create_constraint === true
      ? {
          check: {
            ...(column.constraint_name === undefined ? {} : { name: column.constraint_name }),
            expression: `${column.name} IN (0, 1)`,
          },
        }
      : {};
  return {
    name: column.name,
    ...(column.type === undefined ? {} : { type: column.type }),
    ...(column.nullable === undefined ? {} : { nullable: column.nullable }),
    ...(given === undefined || given === null ? {} : { default: toDefault(given) }),
    ...(column.primary_key === true ? { primaryKey: true } : {}),
    ...(column.unique === true && column.index !== true ? { unique: true } : {}),
    ...(column.collation === undefined ? {} : { collate: column.collation }),
    ...(check === undefined
      ? {}
      : { check: { expression: check.sql, ...(check.name === undefined ? {} : { name: check.name }) } }),
    ...typeCheck,
    ...(computed === undefined
      ? {}
      : { generated: { as: computed.sql, stored: computed.persisted === true } }),
    ...(key === undefined
      ? {}
      : {
          references: {
            table: key.table,
            column: key.column,
            ...(key.name === undefined ? {} : { name: key.name }),
            ...(key.on_delete === undefined ? {} : { onDelete: toAction(key.on_delete) }),
          },
        }),
  };
}

const ownIndex = (table: string, column: VectorColumn) => ({
  name: `ix_${table}_${column.name}`,
  table,
  columns: [column.name],
  ...(column.unique === true ? { unique: true } : {}),
});

function toAction(action: string): ForeignKeyAction {
  return action.toLowerCase() as ForeignKeyAction;
}

function toChanges(operation: VectorOperation): ColumnChanges {
  const { new_name: name, type, nullable, server_default: given, collation, comment } = operation;
  return {
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(nullable === undefined ? {} : { nullable }),
    ...(given === undefined ? {} : { default: given === null ? null : toDefault(given) }),
    ...(collation === undefined ? {} : { collate: collation }),
    ...(operation.autoincrement === undefined ? {} : { autoincrement: operation.autoincrement }),
    // SQLite stores no comments: there is no such property, and the builder says so.
    ...(comment === undefined ? {} : { comment }),
  };
}

const names = (columns: VectorOperation["columns"]): readonly string[] =>
  (columns ?? []).map((column) => (typeof column === "string" ? column : ""));

const withName = (name: string | null | undefined) => (name === undefined || name === null ? {} : { name });

const toUnique = (operation: VectorOperation) => ({
  ...withName(operation.name),
  columns: names(operation.columns),
});

const toCheck = (operation: VectorOperation) => ({
  ...withName(operation.name),
  expression: operation.sql ?? "",
});

function toForeignKey(operation: VectorOperation): ForeignKeyDefinition {
  const { ref_table: table = "", ref_columns, on_delete, on_update } = operation;
  return {
    ...withName(operation.name),
    columns: names(operation.columns),
    references: {
      table,
      ...(ref_columns === undefined ? {} : { columns: ref_columns }),
      ...(on_delete === undefined ? {} : { onDelete: toAction(on_delete) }),
      ...(on_update === undefined ? {} : { onUpdate: toAction(on_update) }),
    },
  };
}

const kinds: Readonly<Record<string, ConstraintKind>> = {
  primary_key: "primaryKey",
  primary: "primaryKey",
  unique: "unique",
  check: "check",
  foreign_key: "foreignKey",
  foreignkey: "foreignKey",
};

function toReference({ name, type }: VectorOperation) {
  const kind = type === undefined ? undefined : kinds[type];
  return { ...withName(name), ...(kind === undefined ? {} : { kind }) };
}

function toIndex(operation: VectorOperation) {
  return {
    name: operation.name ?? "",
    columns: (operation.columns ?? []).map((column): IndexColumn => {
      if (typeof column === "string") return column;
      return "expr" in column ? fragment(column.expr) : column.name;
    }),
    ...(operation.unique === true ? { unique: true } : {}),
    ...(operation.where === undefined ? {} : { where: operation.where }),
  };
}

function toTable(operation: VectorOperation): TableDefinition {
  const columns = (operation.columns ?? []).flatMap((column) =>
    typeof column === "object" && "name" in column ? [column] : [],
  );
  const constraints = operation.constraints ?? [];
  const key = constraints.find(({ type }) => type === "primary_key");
  return {
    name: operation.name ?? "",
    columns: columns.map((column) => ({
      ...toColumn(column),
      ...(column.primary_key === true && operation.autoincrement === true
        ? { primaryKey: { autoincrement: true } }
        : {}),
    })),
    ...(key === undefined ? {} : { primaryKey: toUnique(key) }),
    uniques: constraints.filter(({ type }) => type === "unique").map(toUnique),
    checks: constraints.filter(({ type }) => type === "check").map(toCheck),
    foreignKeys: constraints.filter(({ type }) => type === "foreign_key").map(toForeignKey),
    ...(operation.strict === true ? { strict: true } : {}),
    ...(operation.without_rowid === true ? { withoutRowid: true } : {}),
  };
}

function createTable(op: Operations, operation: VectorOperation): void {
  op.createTable(toTable(operation), { ifNotExists: operation.if_not_exists === true });
  for (const column of operation.columns ?? []) {
    if (typeof column !== "object" || !("name" in column) || column.index !== true) continue;
    op.createIndex(ownIndex(operation.name ?? "", column));
  }
}
