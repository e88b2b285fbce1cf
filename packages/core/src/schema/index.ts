export type {
  DatabaseSchema,
  InspectedColumn,
  InspectedForeignKey,
  InspectedIndex,
  InspectedIndexColumn,
  InspectedTable,
  InspectedTrigger,
  InspectedView,
} from "./database-schema.ts";
export type {
  Collation,
  ColumnDefinition,
  ColumnPrimaryKey,
  ColumnReference,
  ColumnType,
  ColumnUnique,
  GeneratedDefinition,
  NotNullDefinition,
} from "./column-definition.ts";
export type {
  CheckDefinition,
  ConflictResolution,
  Deferrable,
  ForeignKeyAction,
  ForeignKeyDefinition,
  ForeignKeyRules,
  ForeignKeyTarget,
  KeyColumn,
  KeyColumnDefinition,
  PrimaryKeyDefinition,
  SortOrder,
  UniqueDefinition,
} from "./constraint-definition.ts";
export type { IndexColumn, IndexDefinition, IndexedColumn, IndexedExpression } from "./index-definition.ts";
export type { LiteralValue, SqlFragment, SqlText } from "./sql-fragment.ts";
export type { TableDefinition } from "./table-definition.ts";
export type { TriggerDefinition, TriggerParts } from "./trigger-definition.ts";
export type { ViewDefinition, ViewParts } from "./view-definition.ts";
export { defineSchema } from "./declared-schema.ts";
export type { DeclaredSchema, SchemaDefinition, SchemaScript } from "./declared-schema.ts";
