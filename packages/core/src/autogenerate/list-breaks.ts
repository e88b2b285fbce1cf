import { isMigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import type { ColumnChanges, ConstraintKind, TableChange } from "../ops/table-change.ts";
import type { ColumnDefinition } from "../schema/column-definition.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { isSameName } from "../schema/table-definition.ts";
import { assertNever } from "../util/assert-never.ts";
import { diffSchemas } from "./diff-schemas.ts";

/** Something that code which was written for the schema before may stumble over. */
export interface SchemaBreak {
  readonly table: string;
  /** What happens to it, as a sentence without its full stop. */
  readonly message: string;
}

/**
 * What code that was written for one schema may miss in another, or be refused when it writes. Whether it uses
 * the object at all, a schema does not tell.
 */
export function listBreaks(before: DatabaseSchema, after: DatabaseSchema): readonly SchemaBreak[] {
  const [left, right] = [withoutSame(before, after), withoutSame(after, before)];
  let operations: readonly Operation[];
  try {
    operations = diffSchemas(left, right);
  } catch (error) {
    if (!isMigrationError(error, "SKM_SQL_SYNTAX")) throw error;
    const table = left.tables[0]?.name ?? "";
    return [{ table, message: `what changes cannot be judged: ${error.message}` }];
  }
  return operations.flatMap((operation) => breaksOf(operation, after));
}

/** Most tables stay as they are, and need not be understood. */
function withoutSame(schema: DatabaseSchema, other: DatabaseSchema): DatabaseSchema {
  return {
    ...schema,
    tables: schema.tables.filter((table) => !other.tables.some((one) => isSame(one, table))),
  };
}

function isSame(left: InspectedTable, right: InspectedTable): boolean {
  const textsOf = ({ name, sql, indexes }: InspectedTable): string =>
    JSON.stringify([name, sql, indexes.map((index) => index.sql)]);
  return textsOf(left) === textsOf(right);
}

function breaksOf(operation: Operation, after: DatabaseSchema): readonly SchemaBreak[] {
  switch (operation.kind) {
    case "dropTable":
      return [{ table: operation.table, message: `table ${quoteForMessage(operation.table)} goes` }];
    case "dropView":
      return after.views.some(({ name }) => isSameName(name, operation.view))
        ? []
        : [{ table: operation.view, message: `view ${quoteForMessage(operation.view)} goes` }];
    case "dropColumn":
      return breaksOfChange(operation.table, { kind: "dropColumn", column: operation.column });
    case "addColumn":
      return breaksOfChange(operation.table, { kind: "addColumn", column: operation.column });
    case "batchAlterTable":
      return operation.changes.flatMap((change) => breaksOfChange(operation.table, change));
    case "createIndex": {
      const { table, unique } = operation.index;
      return unique === true ? [refusal(table, "a unique index")] : [];
    }
    // A rename is a drop here, see diffSchemas; the others take nothing away.
    case "createTable":
    case "renameTable":
    case "renameColumn":
    case "dropIndex":
    case "createTrigger":
    case "dropTrigger":
    case "createView":
    case "execute":
    case "require":
    case "bulkInsert":
      return [];
    default:
      return assertNever(operation);
  }
}

const constraintNames: Readonly<Record<ConstraintKind, string>> = {
  primaryKey: "another PRIMARY KEY",
  unique: "a UNIQUE constraint",
  check: "a CHECK constraint",
  foreignKey: "a FOREIGN KEY",
  notNull: "a NOT NULL constraint",
};

function breaksOfChange(table: string, change: TableChange): readonly SchemaBreak[] {
  switch (change.kind) {
    case "dropColumn":
      return [{ table, message: `column ${pathOf(table, change.column)} goes` }];
    case "addColumn":
      return needsValue(change.column)
        ? [{ table, message: `column ${pathOf(table, change.column.name)} is NOT NULL without a default` }]
        : [];
    case "alterColumn":
      return alterations(change.changes).map((what) => ({
        table,
        message: `column ${pathOf(table, change.column)} ${what}`,
      }));
    case "createConstraint":
      return [refusal(table, constraintNames[change.definition.kind])];
    case "createIndex":
      return change.index.unique === true ? [refusal(table, "a unique index")] : [];
    case "alterTableOptions":
      return change.strict === true
        ? [{ table, message: `table ${quoteForMessage(table)} becomes STRICT` }]
        : [];
    case "dropConstraint":
    case "dropIndex":
      return [];
    default:
      return assertNever(change);
  }
}

function needsValue({ nullable, default: value, generated, primaryKey }: ColumnDefinition): boolean {
  return nullable === false && value === undefined && generated === undefined && primaryKey === undefined;
}

function alterations({ name, nullable, generated }: ColumnChanges): readonly string[] {
  return [
    ...(name === undefined ? [] : [`is called ${quoteForMessage(name)} then`]),
    ...(nullable === false ? ["no longer accepts NULL"] : []),
    ...(generated === undefined || generated === null ? [] : ["is generated and cannot be written"]),
  ];
}

const refusal = (table: string, what: string): SchemaBreak => ({
  table,
  message: `table ${quoteForMessage(table)} gets ${what}, which may refuse what is written`,
});

const pathOf = (table: string, column: string): string => quoteForMessage(`${table}.${column}`);
