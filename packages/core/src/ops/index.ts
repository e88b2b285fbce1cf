export type { InputValue } from "./accept-values.ts";
export { createOperations } from "./builder.ts";
export type { OperationSink } from "./builder.ts";
export { describeOperation } from "./describe.ts";
export type {
  AddColumnOperation,
  BatchAlterTableOperation,
  BulkInsertOperation,
  CreateIndexOperation,
  CreateTableOperation,
  CreateTriggerOperation,
  CreateViewOperation,
  DropColumnOperation,
  DropIndexOperation,
  DropTableOperation,
  DropTriggerOperation,
  DropViewOperation,
  ExecuteOperation,
  Operation,
  RenameColumnOperation,
  RequireOperation,
  RowProgress,
  RenameTableOperation,
} from "./operation.ts";
export type {
  AddColumnOptions,
  AllowDataLoss,
  AlterColumnOptions,
  BatchOperations,
  BatchOptions,
  BulkInsertOptions,
  CreateOptions,
  DropColumnOptions,
  DropConstraintOptions,
  DropOptions,
  DropTableOptions,
  ExecuteOptions,
  InputRow,
  MapRowsOptions,
  Operations,
  RequireRowsOptions,
  Row,
  SetRowsOptions,
  TableArgs,
} from "./operations.ts";
export { reverseOperation } from "./reverse.ts";
export type {
  AddColumnChange,
  AlterColumnChange,
  AlterTableOptionsChange,
  ColumnChanges,
  ColumnPlace,
  ConstraintDefinition,
  ConstraintKind,
  ConstraintReference,
  CreateConstraintChange,
  CreateIndexChange,
  DropColumnChange,
  DropConstraintChange,
  DropIndexChange,
  TableChange,
} from "./table-change.ts";
export type { MapRowsRequest } from "./update-operations.ts";
