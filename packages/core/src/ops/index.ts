export type { InputValue } from "./accept-values.ts";
export { createOperations } from "./builder.ts";
export type { OperationSink } from "./builder.ts";
export { describeOperation } from "./describe.ts";
export type {
  AddColumnOperation,
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
  RenameTableOperation,
} from "./operation.ts";
export type {
  BulkInsertOptions,
  CreateOptions,
  DropColumnOptions,
  DropOptions,
  InputRow,
  Operations,
  Row,
} from "./operations.ts";
export { reverseOperation } from "./reverse.ts";
