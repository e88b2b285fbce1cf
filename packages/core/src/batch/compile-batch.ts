import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { BatchAlterTableOperation } from "../ops/operation.ts";
import type { TableChange } from "../ops/table-change.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { isSameName } from "../schema/table-definition.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import { renderTable } from "../sql/render-table.ts";
import { assertNever } from "../util/assert-never.ts";
import { applyAddColumn } from "./apply-add-column.ts";
import { applyAlterColumn } from "./apply-alter-column.ts";
import { applyCreateConstraint, applyDropConstraint } from "./apply-constraint.ts";
import { applyDropColumn } from "./apply-drop-column.ts";
import { applyCreateIndex, applyDropIndex } from "./apply-index.ts";
import { applyTableOptions } from "./apply-table-options.ts";
import type { BatchContext, BatchPlan } from "./batch-plan.ts";
import { applyReordering } from "./column-order.ts";
import { clausesOf } from "./constraint-clauses.ts";
import { keepsRowids } from "./copy-statements.ts";
import type { Draft } from "./draft.ts";
import { rowidReaders } from "./find-dependents.ts";
import { referringTables, rowGuards, usageGuards } from "./guard-statements.ts";
import { conflictError, inUseError, missingError } from "./object-error.ts";
import { positionalUsers } from "./positional-users.ts";
import { tableWithSingleQuotes } from "./quoted-strings.ts";
import { valueRisks } from "./value-risks.ts";
import { rebuildStatements } from "./rebuild-statements.ts";

/**
 * Turns a batch into the statements that do it in the cheapest way: those that SQLite has, or one rebuild
 * for all changes together.
 *
 * @throws {SKM_OBJECT_MISSING | SKM_OBJECT_IN_USE | SKM_TABLE_DEFINITION} a change that cannot be made.
 * @throws {SKM_NEEDS_REBUILD} a rebuild is needed and `recreate` is `"never"`.
 */
export function compileBatch(operation: BatchAlterTableOperation, context: BatchContext): BatchPlan {
  const { changes, partialReordering } = operation;
  const changed = changes.reduce(applyChange, createDraft(operation, context));
  const draft = partialReordering === undefined ? changed : applyReordering(changed, partialReordering);
  assertNoPositionalUser(draft);
  const needsRebuild = operation.recreate === "always" || draft.rebuildFor.length > 0;
  if (!needsRebuild) {
    const statements = [...draft.native, ...usageGuards(draft)];
    return {
      method: statements.length === 0 ? "none" : "native",
      statements,
      linkedTables: [],
      valueRisks: [],
    };
  }
  if (operation.recreate === "never") throw needsRebuildError(operation, draft.rebuildFor);
  assertNoReusedName(draft);
  return {
    method: "rebuild",
    statements: [...rebuildStatements(draft), ...usageGuards(draft), ...rowGuards(draft)],
    linkedTables: linkedTables(draft),
    valueRisks: valueRisks(draft),
  };
}

/** The table of a batch as the database has it. */
export function findTable(schema: DatabaseSchema, name: string): InspectedTable {
  const table = schema.tables.find((other) => isSameName(other.name, name));
  const attempt = { verb: "alter table", object: name };
  if (table === undefined) {
    const isView = schema.views.some((view) => isSameName(view.name, name));
    const what = isView ? "it is a view" : "there is no such table";
    throw missingError(
      attempt,
      what,
      schema.tables.filter(({ kind }) => kind === "table").map((other) => other.name),
    );
  }
  if (schema.temporary.some((other) => isSameName(other, name))) {
    const hint = "drop the temporary one first, or give it another name";
    throw conflictError(attempt, "a temporary table or view of this name hides it", hint);
  }
  if (table.kind === "table") return table;
  throw conflictError(
    attempt,
    `it is a ${table.kind} table`,
    "create a new one and fill it from the old one",
  );
}

function createDraft(operation: BatchAlterTableOperation, context: BatchContext): Draft {
  const { schema } = context;
  const inspected = findTable(schema, operation.table);
  const { copyFrom } = operation;
  const given = parseCreateTable(
    copyFrom === undefined ? inspected.sql : renderTable({ ...copyFrom, name: inspected.name }),
  );
  const text = copyFrom === undefined ? tableWithSingleQuotes(given) : given;
  const names = text.columns.map(({ part }) => part.name);
  const origins = text.columns.map(
    ({ part }) => inspected.columns.find((column) => isSameName(column.name, part.name))?.name ?? null,
  );
  return {
    inspected,
    schema,
    context,
    namingConvention: operation.namingConvention ?? {},
    text,
    hasDoubleQuotes: text !== given,
    origins,
    names,
    dropped: inspected.columns
      .map(({ name }) => name)
      .filter((name) => !names.some((kept) => isSameName(kept, name))),
    indexes: inspected.indexes.filter((index) => index.sql !== null),
    droppedIndexes: [],
    native: [],
    rebuildFor: copyFrom === undefined ? [] : ["take another definition than the database has"],
    afterRebuild: [],
  };
}

function applyChange(draft: Draft, change: TableChange): Draft {
  switch (change.kind) {
    case "addColumn":
      return applyAddColumn(draft, change);
    case "dropColumn":
      return applyDropColumn(draft, change);
    case "alterColumn":
      return applyAlterColumn(draft, change);
    case "createConstraint":
      return applyCreateConstraint(draft, change.definition);
    case "dropConstraint":
      return applyDropConstraint(draft, change);
    case "createIndex":
      return applyCreateIndex(draft, change);
    case "dropIndex":
      return applyDropIndex(draft, change);
    case "alterTableOptions":
      return applyTableOptions(draft, change);
    default:
      return assertNever(change);
  }
}

function assertNoPositionalUser(draft: Draft): void {
  const object = draft.inspected.name;
  const users = positionalUsers(draft);
  const hint = "drop it before the change, and create it again after it";
  if (users.length > 0) {
    const attempt = { verb: "drop or move columns of", object };
    throw inUseError(attempt, users, `it goes by the position of the columns: ${hint} with their names`);
  }
  const readers = keepsRowids(draft) ? [] : rowidReaders(draft.schema, object);
  if (readers.length === 0) return;
  const attempt = { verb: "give other rowids to", object };
  throw inUseError(
    attempt,
    readers.map((name) => `virtual table "${name}"`),
    `it finds rows by them: ${hint}`,
  );
}

/** A rename runs after the rebuild: until then its old name is not free. */
function assertNoReusedName(draft: Draft): void {
  const { columns } = draft.text;
  const twice = columns.find(({ part }, index) =>
    columns.some((other, position) => position < index && isSameName(other.part.name, part.name)),
  );
  if (twice === undefined) return;
  throw conflictError(
    { verb: "add column", object: `${draft.inspected.name}.${twice.part.name}` },
    "the same batch renames a column of this name, and needs a rebuild",
    "rename the column in a batch of its own, before this one",
  );
}

/** Enforcement matters to a table that is referred to, or refers itself, before or after the change. */
function linkedTables(draft: Draft): readonly string[] {
  const refers = clausesOf(draft.text).some(({ clause }) => clause.kind === "foreignKey");
  const own = refers || draft.inspected.foreignKeys.length > 0 ? [draft.inspected.name] : [];
  return [...new Set([...referringTables(draft), ...own])];
}

function needsRebuildError({ table }: BatchAlterTableOperation, reasons: readonly string[]): MigrationError {
  return new MigrationError(
    "SKM_NEEDS_REBUILD",
    `cannot alter table ${quoteForMessage(table)} without a rebuild: SQLite has no statement to ${reasons.join(", nor to ")}`,
    { details: { table, reasons }, hint: 'leave recreate: "never" out' },
  );
}
