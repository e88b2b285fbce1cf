import type { BatchStatement } from "../batch/batch-plan.ts";
import { DriverError } from "../driver/driver-error.ts";
import type { Executor } from "../driver/driver.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Operation } from "../ops/operation.ts";
import type {
  DatabaseSchema,
  InspectedForeignKey,
  InspectedIndex,
  InspectedTable,
} from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { droppedIndexOf } from "../sql/dropped-table-of.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { isMismatch } from "./foreign-key-check.ts";
import { explainGuard } from "./guard-error.ts";

/**
 * Asks SQLite at the end of a transaction, or of a unit that is sent as one batch, whether the foreign keys that
 * refer to the columns of a unique index which was dropped still fit a key: another index may have been made, or
 * the table that refers may be gone. Where they do not, every later write to either table fails with "foreign key
 * mismatch" (foreignkeys.html#fk_indexes), and DROP INDEX says nothing.
 *
 * @param schema the tables before the index is dropped.
 * @returns one statement for each table that refers to such an index.
 */
export function parentKeyGuards(
  schema: DatabaseSchema,
  operations: readonly Operation[],
): readonly BatchStatement[] {
  const names = new Set(operations.flatMap(droppedIndexes).map(foldName));
  if (names.size === 0) return [];
  const indexes = schema.tables.flatMap((table) =>
    table.indexes.filter(({ name }) => names.has(foldName(name))),
  );
  const guards = indexes.flatMap((index) =>
    schema.tables
      .filter(({ foreignKeys }) => foreignKeys.some((key) => refersTo(key, index)))
      .map((child) => guardOf(child, index)),
  );
  return [...new Map(guards.map((guard) => [guard.sql, guard])).values()];
}

export function dropsIndex(operation: Operation): boolean {
  return droppedIndexes(operation).length > 0;
}

function droppedIndexes(operation: Operation): readonly string[] {
  if (operation.kind === "dropIndex") return [operation.index];
  if (operation.kind === "batchAlterTable") {
    return operation.changes.flatMap((change) => (change.kind === "dropIndex" ? [change.index] : []));
  }
  const index = operation.kind === "execute" ? droppedIndexOf(operation.sql) : undefined;
  return index === undefined ? [] : [index];
}

function refersTo(key: InspectedForeignKey, { table, unique, partial, columns }: InspectedIndex): boolean {
  // A key without columns refers to the primary key, which no DROP INDEX takes away.
  if (!unique || partial || key.references === undefined || !isSameName(key.table, table)) return false;
  const found = columns.map(({ name }) => (name === null ? undefined : foldName(name)));
  const wanted = key.references.map(foldName);
  return found.length === wanted.length && wanted.every((name) => found.includes(name));
}

function guardOf({ name: child }: InspectedTable, { name: index, table }: InspectedIndex): BatchStatement {
  // SQLite looks for the key before it looks at rows, so one row that is wrong ends it. A table that is gone is none.
  return {
    sql: `SELECT 1 FROM sqlite_schema AS s JOIN pragma_foreign_key_check(s.name) WHERE s.type = 'table' AND lower(s.name) = lower(${renderLiteral(child)}) LIMIT 1`,
    comment: `without index "${index}": the foreign keys of "${child}" fit a key`,
    guard: {
      code: "SKM_FOREIGN_KEY",
      message: `cannot drop index ${quoteForMessage(index)} of ${quoteForMessage(table)}: a foreign key of ${quoteForMessage(child)} would fit no key`,
      onlyWith: "foreign key mismatch",
      tellsCause: true,
      details: { table: child, index, parent: table },
      hint: `nothing else makes the columns unique, and every later write to these tables would fail: make another unique index or constraint in the same revision, or drop the foreign key of ${quoteForMessage(child)} first`,
    },
  };
}

/**
 * Takes the guards of an operation that is about to run in an open transaction, without those of tables that have
 * a foreign key without a key already: they would fail, and not because of it.
 */
export async function readParentKeyGuards(
  tx: Executor,
  operation: Operation,
): Promise<readonly BatchStatement[]> {
  const indexes = droppedIndexes(operation);
  if (indexes.length === 0 || !(await isAnyUnique(tx, indexes))) return [];
  return await withoutBroken(tx, parentKeyGuards(await readSchema(tx), [operation]));
}

/** One query where the six of the whole schema would be wasted: few indexes that are dropped are unique. */
async function isAnyUnique(executor: Executor, indexes: readonly string[]): Promise<boolean> {
  const { rows } = await executor.query({
    sql: `SELECT 1 FROM sqlite_schema AS s JOIN pragma_index_list(s.tbl_name) AS i ON i.name = s.name
WHERE s.type = 'index' AND i."unique" AND NOT i.partial AND lower(s.name) IN (${indexes.map(renderIndexName).join(", ")}) LIMIT 1`,
  });
  return rows.length > 0;
}

const renderIndexName = (name: string): string => `lower(${renderLiteral(name)})`;

/** @returns those that hold now. */
export async function withoutBroken(
  executor: Executor,
  guards: readonly BatchStatement[],
): Promise<readonly BatchStatement[]> {
  const sound: BatchStatement[] = [];
  for (const guard of guards) {
    try {
      await executor.query({ sql: guard.sql });
      sound.push(guard);
    } catch (error) {
      if (!isMismatch(error)) throw error;
    }
  }
  return sound;
}

/** @throws {SKM_FOREIGN_KEY} a foreign key fits no key any more. */
export async function assertParentKeys(tx: Executor, guards: readonly BatchStatement[]): Promise<void> {
  for (const { sql, guard } of guards) {
    try {
      await tx.query({ sql });
    } catch (error) {
      throw error instanceof DriverError ? explainGuard(guard, error) : error;
    }
  }
}
