import type { BatchStatement, Guard } from "../batch/batch-plan.ts";
import { renameGuard } from "../batch/rename-guard.ts";
import type { Capabilities } from "../driver/capabilities.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { describeOperation } from "../ops/describe.ts";
import type { BatchAlterTableOperation, Operation } from "../ops/operation.ts";
import { createHeadOf } from "../sql/create-head.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderIndex } from "../sql/render-index.ts";
import { renderTable } from "../sql/render-table.ts";
import { assertNever } from "../util/assert-never.ts";
import { compileAddColumn } from "./compile-add-column.ts";
import { compileBulkInsert } from "./compile-bulk-insert.ts";
import { compileRequire } from "./compile-require.ts";

/** What the engine that runs the statements can take. */
export interface CompileLimits {
  /** Parameters in one statement. */
  readonly parameters: number;
  /** Each statement is a request, so that the fewest are the best. */
  readonly isRemote?: boolean;
}

/** What an engine can take. */
export function limitsOf({ lock, limits }: Pick<Capabilities, "lock" | "limits">): CompileLimits {
  return { parameters: limits.parameters, isRemote: lock === "server" };
}

/**
 * Turns an operation into the statements that do it, each with a comment that says why it is there. An
 * `execute` is its author's text and has none.
 *
 * @throws {SKM_NEEDS_REBUILD} SQLite has no statement for it, or it is a batch, see `compileBatch`.
 * @throws {SKM_UNSUPPORTED} the engine's limits are too low for it.
 */
export function compileOperation(operation: Operation, limits: CompileLimits): readonly BatchStatement[] {
  if (operation.kind === "bulkInsert") return compileBulkInsert(operation, limits);
  if (operation.kind === "require") return [compileRequire(operation)];
  if (operation.kind !== "execute") {
    const guard = guardOf(operation);
    const statement = { sql: compileDefinition(operation), comment: describeOperation(operation) };
    return [guard === undefined ? statement : { ...statement, guard }];
  }
  const { sql, params, progress } = operation;
  return [
    { sql, ...(params === undefined ? {} : { params }), ...(progress === undefined ? {} : { progress }) },
  ];
}

function guardOf(operation: DefinitionOperation): Guard | undefined {
  if (operation.kind === "renameTable") return renameGuard(`table ${quoteForMessage(operation.table)}`);
  if (operation.kind !== "renameColumn") return undefined;
  return renameGuard(`column ${quoteForMessage(`${operation.table}.${operation.column}`)}`);
}

type DefinitionOperation = Exclude<Operation, { readonly kind: "execute" | "require" | "bulkInsert" }>;

function compileDefinition(operation: DefinitionOperation): string {
  switch (operation.kind) {
    case "createTable":
      return renderTable(operation.table, operation);
    case "dropTable":
      return renderDrop("TABLE", operation.table, operation);
    case "renameTable":
      return `ALTER TABLE ${quoteIdentifier(operation.table)} RENAME TO ${quoteIdentifier(operation.to)}`;
    case "addColumn":
      return compileAddColumn(operation);
    case "dropColumn":
      return `ALTER TABLE ${quoteIdentifier(operation.table)} DROP COLUMN ${quoteIdentifier(operation.column)}`;
    case "renameColumn": {
      const { table, column, to } = operation;
      return `ALTER TABLE ${quoteIdentifier(table)} RENAME COLUMN ${quoteIdentifier(column)} TO ${quoteIdentifier(to)}`;
    }
    case "batchAlterTable":
      throw needsSchema(operation);
    case "createIndex":
      return renderIndex(operation.index, operation);
    case "dropIndex":
      return renderDrop("INDEX", operation.index, operation);
    case "createTrigger":
      return renderCreate("TRIGGER", operation.trigger.sql, operation);
    case "dropTrigger":
      return renderDrop("TRIGGER", operation.trigger, operation);
    case "createView":
      return renderCreate("VIEW", operation.view.sql, operation);
    case "dropView":
      return renderDrop("VIEW", operation.view, operation);
    default:
      return assertNever(operation);
  }
}

function needsSchema(operation: BatchAlterTableOperation): MigrationError {
  return new MigrationError(
    "SKM_NEEDS_REBUILD",
    `cannot ${describeOperation(operation)}: which statements do it depends on the table, which is not at hand`,
    { details: { table: operation.table }, hint: "run it against a database" },
  );
}

function renderDrop(
  object: "TABLE" | "INDEX" | "TRIGGER" | "VIEW",
  name: string,
  { ifExists }: { readonly ifExists?: boolean },
): string {
  return `DROP ${object} ${ifExists === true ? "IF EXISTS " : ""}${quoteIdentifier(name)}`;
}

/** Puts IF NOT EXISTS before the name in a text that SQLite stores without it. */
function renderCreate(
  object: "TRIGGER" | "VIEW",
  sql: string,
  { ifNotExists }: { readonly ifNotExists?: boolean },
): string {
  const head = ifNotExists === true ? createHeadOf(sql) : undefined;
  return head === undefined ? sql : `CREATE ${object} IF NOT EXISTS ${sql.slice(head.nameStart)}`;
}
