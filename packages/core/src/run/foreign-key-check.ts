import { DriverError } from "../driver/driver-error.ts";
import type { Executor } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { followColumn, followTable } from "./follow-renames.ts";

/** A row that breaks a foreign key. */
export interface Violation {
  readonly table: string;
  /** `"null"` in a table WITHOUT ROWID. */
  readonly rowid: string;
  readonly parent: string;
  /** The referring columns, and those of the parent that they refer to. */
  readonly columns: readonly string[];
  readonly references: readonly string[];
  /** What SQLite says of a key that fits no key of its parent. */
  readonly message?: string;
}

/**
 * The rows that break a foreign key; one that breaks two keys stands twice. The number that
 * `foreign_key_check` gives a key is only its position, which moves when a key is added or dropped, so the
 * key is told by its columns.
 *
 * @see https://sqlite.org/pragma.html#pragma_foreign_key_check
 */
export async function readViolations(executor: Executor): Promise<readonly Violation[]> {
  try {
    return await readRows(executor, {
      sql: 'SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check',
    });
  } catch (error) {
    if (!isMismatch(error)) throw error;
    return await readByTable(executor);
  }
}

/**
 * SQLite refuses to look at a table whose key refers to columns that nothing makes unique, and at all tables
 * together with it (foreignkeys.html#fk_indexes).
 */
export const isMismatch = (error: unknown): error is DriverError =>
  error instanceof DriverError && error.message.includes("foreign key mismatch");

/** One table after the other, so that one that cannot be looked at hides no other. */
async function readByTable(executor: Executor): Promise<readonly Violation[]> {
  const { tables } = await readSchema(executor);
  const found: Violation[] = [];
  for (const { name } of tables.filter(({ foreignKeys }) => foreignKeys.length > 0)) {
    const sql = 'SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check(?)';
    try {
      found.push(...(await readRows(executor, { sql, params: [name] })));
    } catch (error) {
      if (!isMismatch(error)) throw error;
      const { message } = error;
      found.push({ table: name, rowid: mismatch, parent: "", columns: [], references: [], message });
    }
  }
  return found;
}

/** Stands for a rowid where no row, but the key itself is wrong. */
const mismatch = "mismatch";

async function readRows(executor: Executor, statement: Statement): Promise<readonly Violation[]> {
  const { rows } = await executor.query(statement);
  if (rows.length === 0) return [];
  const schema = await readSchema(executor);
  const tables = new Map(schema.tables.map((table) => [foldName(table.name), table]));
  return rows.map(([table, rowid, parent, fkid]) => ({
    table: String(table),
    rowid: String(rowid),
    parent: String(parent),
    ...keyOf(tables.get(foldName(String(table))), Number(fkid), schema),
  }));
}

function keyOf(
  table: InspectedTable | undefined,
  fkid: number,
  schema: DatabaseSchema,
): Pick<Violation, "columns" | "references"> {
  // SQLite numbers the keys backwards: the last one written is 0.
  const key = table?.foreignKeys.at(-1 - fkid);
  if (key === undefined) return { columns: [], references: [] };
  return { columns: key.columns, references: key.references ?? primaryKeyOf(key.table, schema) };
}

function primaryKeyOf(name: string, { tables }: DatabaseSchema): readonly string[] {
  const columns = tables.find((table) => isSameName(table.name, name))?.columns ?? [];
  return columns
    .filter((column) => column.primaryKey > 0)
    .toSorted((a, b) => a.primaryKey - b.primaryKey)
    .map((column) => column.name);
}

/**
 * Fails when the transaction leaves violations that were not there before. Old ones are not this run's
 * fault, and failing on them would block every upgrade of a database that has them.
 *
 * @param operations what ran in between: its renames are followed.
 * @throws {MigrationError} SKM_FOREIGN_KEY naming the first rows.
 */
export async function assertNoNewViolations(
  executor: Executor,
  before: readonly Violation[],
  operations: readonly Operation[],
): Promise<void> {
  const known = new Map<string, number>();
  for (const violation of before) {
    const name = identityOf(follow(violation, operations));
    known.set(name, (known.get(name) ?? 0) + 1);
  }
  // Rows of a table WITHOUT ROWID cannot be told apart, so equal ones are counted.
  const found = (await readViolations(executor)).filter((violation) => {
    const name = identityOf(violation);
    const left = known.get(name) ?? 0;
    if (left > 0) known.set(name, left - 1);
    return left === 0;
  });
  const unfit = found.find(({ message }) => message !== undefined);
  if (unfit !== undefined) throw unfitKey(unfit);
  if (found.length > 0) throw newViolations(found);
}

function unfitKey({ table, message = "" }: Violation): MigrationError {
  return new MigrationError(
    "SKM_FOREIGN_KEY",
    `a foreign key of ${quoteForMessage(table)} would fit no key: ${message}`,
    {
      details: { table },
      hint: "let a primary key, UNIQUE constraint or unique index be about the columns that it refers to, or change the foreign key too",
    },
  );
}

function follow(violation: Violation, operations: readonly Operation[]): Violation {
  const { table, parent } = violation;
  return {
    ...violation,
    table: followTable(table, operations),
    parent: followTable(parent, operations),
    columns: violation.columns.map((column) => followColumn(table, column, operations)),
    references: violation.references.map((column) => followColumn(parent, column, operations)),
  };
}

function identityOf({ table, rowid, parent, columns, references }: Violation): string {
  const names = [table, parent, ...columns, ...references].map(foldName);
  return JSON.stringify([rowid, columns.length, ...names]);
}

function newViolations(found: readonly Violation[]): MigrationError {
  const violations = found.slice(0, 100).map(({ table, rowid, parent }) => ({ table, rowid, parent }));
  const shown = violations.slice(0, 5).map(({ table, rowid, parent }) => {
    return `${quoteForMessage(table)} row ${rowid} refers to a missing row of ${quoteForMessage(parent)}`;
  });
  return new MigrationError(
    "SKM_FOREIGN_KEY",
    `${found.length} rows would break a foreign key: ${shown.join("; ")}`,
    {
      details: { violations, count: found.length },
      hint: 'delete or repair these rows in the revision; no ON DELETE action fires in a transaction whose foreign keys are suspended, and transactionPer "revision" keeps a rebuild in another revision from suspending them here',
    },
  );
}
