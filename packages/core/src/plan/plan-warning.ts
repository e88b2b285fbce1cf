/** What a warning of a plan is about. */
export type LintCode =
  | "SKM_LINT_DATA_LOSS"
  | "SKM_LINT_TYPE"
  | "SKM_LINT_NOT_NULL"
  | "SKM_LINT_CASCADE"
  | "SKM_LINT_PARENT_REBUILD"
  | "SKM_LINT_REMOTE_REBUILD"
  | "SKM_LINT_READER"
  | "SKM_LINT_UNSUPPORTED";

/** Every code of a warning, with what it means. */
export const lintCodes: Readonly<Record<LintCode, string>> = Object.freeze({
  SKM_LINT_DATA_LOSS: "a table or column that has data is dropped",
  SKM_LINT_TYPE: "a column gets another type, which changes values or no longer describes them",
  SKM_LINT_NOT_NULL: "a column becomes NOT NULL while rows have no value for it",
  SKM_LINT_CASCADE: "dropping a table will be refused, because it would take rows of other tables",
  SKM_LINT_PARENT_REBUILD: "a table is rebuilt to which rows of others refer with an ON DELETE action",
  SKM_LINT_REMOTE_REBUILD: "a rebuild may take longer than the server lets a transaction run",
  SKM_LINT_READER: "a revision that older programs may open takes something away from them",
  SKM_LINT_UNSUPPORTED: "the engine will refuse a statement",
});

/** Something about an operation that is worth a second look before it runs. */
export interface PlanWarning {
  readonly code: LintCode;
  readonly message: string;
  readonly hint: string;
  /** The operation in one line. */
  readonly operation: string;
  readonly table: string | null;
  /** Rows that it is about; `null` where that is not the point. */
  readonly rows: number | null;
}
