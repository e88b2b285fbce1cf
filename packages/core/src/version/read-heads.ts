import { DriverError } from "../driver/driver-error.ts";
import type { Connection, Executor, UnitCondition } from "../driver/driver.ts";
import type { QueryResult, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { lockTable } from "./courtesy-lock.ts";
import { readerTableName } from "./reader-table.ts";
import { isGuardRefusal, rowsDiffer, type Condition } from "./version-guards.ts";
import { parseVersionRows, versionTableProblem, type VersionTable } from "./version-table.ts";

export interface VersionState {
  /** The current heads, sorted; empty when the database is at base or has no version table. */
  readonly heads: readonly string[];
  readonly tableExists: boolean;
}

/** Reads the current heads with one cached SELECT. The table must be known to exist and to have its form. */
export async function readHeads(executor: Executor, table: VersionTable): Promise<readonly string[]> {
  return parseVersionRows(table, (await executor.query(table.read)).rows);
}

/**
 * Reads the current heads of a database about which nothing is known yet. Never writes.
 *
 * @throws {MigrationError} SKM_VERSION_SHAPE when a view, a virtual table or a table of another form
 * bears the version table's name, or a row is not a revision id.
 */
export async function readVersionState(executor: Executor, table: VersionTable): Promise<VersionState> {
  const description = await describe(executor, table);
  assertUsable(table, description);
  if (description.length === 0) return { heads: [], tableExists: false };
  return { heads: await readHeads(executor, table), tableExists: true };
}

/** Which tables of ours are there that a database need not have. */
interface OwnTables {
  /** The table of the courtesy lock. */
  readonly lockExists: boolean;
  /** The table that says which older code may open the database. */
  readonly readersExist: boolean;
}

export interface RemoteVersionState extends VersionState, OwnTables {}

/** Asks for them; costs nothing beside another question. */
const probe: Statement = {
  sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (?, ?)",
  params: [lockTable, readerTableName],
};

function parseProbe(result: QueryResult | undefined): OwnTables {
  const names = new Set(result?.rows.map(([name]) => name));
  return { lockExists: names.has(lockTable), readersExist: names.has(readerTableName) };
}

/**
 * The same in one round trip, for engines behind a network. Only where the table has another form, or cannot
 * be described, that takes further ones.
 */
export async function readRemoteVersionState(
  connection: Connection,
  table: VersionTable,
): Promise<RemoteVersionState> {
  try {
    const steps = [assertAnyTable(table), table.describe, table.read, probe];
    const [, description, heads, own] = await connection.unit(steps);
    assertUsable(table, description?.rows ?? []);
    return { heads: parseVersionRows(table, heads?.rows ?? []), tableExists: true, ...parseProbe(own) };
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind !== "sql") throw error;
    if (error.step === 0 && isGuardRefusal(error)) {
      return { heads: [], tableExists: false, lockExists: false, readersExist: false };
    }
    const own = parseProbe(await connection.query(probe));
    return { ...(await readVersionState(connection, table)), ...own };
  }
}

/**
 * Asks the same before a unit that must begin only where these are the heads, the version table is as we make it,
 * the table of the readers is there or not, and nobody is in the line for the courtesy lock.
 */
export function suppose(table: VersionTable, heads: readonly string[], hasReaders: boolean): UnitCondition {
  return {
    questions: [table.describe, table.read, probe],
    condition: assertSupposed(table, heads, hasReaders),
  };
}

/** What the questions of {@link suppose} told; `null` where they do not tell enough. */
export function readSupposed(
  table: VersionTable,
  answers: readonly (QueryResult | undefined)[],
): RemoteVersionState | null {
  const [description, heads, own] = answers;
  if (description === undefined || own === undefined) return null;
  if (description.rows.length === 0) return { heads: [], tableExists: false, ...parseProbe(own) };
  if (heads === undefined || versionTableProblem(description.rows) !== null) return null;
  try {
    return { heads: parseVersionRows(table, heads.rows), tableExists: true, ...parseProbe(own) };
  } catch (error) {
    // Whoever reads the heads again is told what is wrong with them.
    if (error instanceof MigrationError) return null;
    throw error;
  }
}

function assertSupposed(table: VersionTable, heads: readonly string[], hasReaders: boolean): Statement {
  const others = heads.length === 0 ? isThere(table) : differs(table, heads);
  return {
    sql: `SELECT CASE WHEN EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?) OR (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?) <> ${hasReaders ? 1 : 0} OR ${others.sql} THEN json('the database is elsewhere') END`,
    params: [lockTable, readerTableName, ...others.params],
  };
}

function isThere({ name }: VersionTable): Condition {
  return {
    sql: "EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view'))",
    params: [name],
  };
}

function differs(table: VersionTable, heads: readonly string[]): Condition {
  const { name } = table;
  const rows = rowsDiffer(table, heads);
  return {
    sql: `(SELECT count(*) FROM pragma_table_info(?)) <> 1 OR NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type = 'table' AND rootpage <> 0) OR ${rows.sql}`,
    params: [name, name, ...rows.params],
  };
}

/** Fails, as plain SQL, in a database that nobody has migrated or is waiting to: there is nothing to read. */
function assertAnyTable({ name }: VersionTable): Statement {
  return {
    sql: "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE (name = ? COLLATE NOCASE AND type IN ('table', 'view')) OR name = ?) THEN json('no version table') END",
    params: [name, lockTable],
  };
}

function assertUsable(table: VersionTable, description: QueryResult["rows"]): void {
  const problem = versionTableProblem(description);
  if (problem !== null) {
    throw new MigrationError(
      "SKM_VERSION_SHAPE",
      `cannot use the version table ${quoteForMessage(table.name)}: ${problem}`,
      {
        details: { table: table.name, problem },
        hint: "rename that object, or choose another name with the option versionTable",
      },
    );
  }
}

async function describe(executor: Executor, table: VersionTable) {
  try {
    return (await executor.query(table.describe)).rows;
  } catch (cause) {
    // A virtual table whose module this engine lacks makes pragma_table_info itself fail.
    if (!(cause instanceof DriverError) || cause.kind !== "sql") throw cause;
    throw new MigrationError(
      "SKM_VERSION_SHAPE",
      `cannot use the version table ${quoteForMessage(table.name)}: ${cause.message}`,
      { cause, details: { table: table.name } },
    );
  }
}
