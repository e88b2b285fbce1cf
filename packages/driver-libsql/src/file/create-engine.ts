import {
  cannotWrite,
  scanStatement,
  type SqlValue,
  type SyncEngine,
  type SyncStatement,
} from "@skillmeat/migrate-core/driver";
import { lockOf, type StatementLock } from "./statement-lock.ts";
import { classifyError, readAll, type LibsqlDatabase, type LibsqlStatement } from "./engine.ts";

/**
 * Offers a database of the package `libsql` as the engine that core's driver machinery works with.
 *
 * The library cannot reset a statement. One that met a lock therefore stays at work, and from then on nothing
 * can be committed ("SQL statements in progress") or dropped. So locks are only ever taken through `exec`,
 * which finalises what it runs: a statement outside of a transaction gets one of its own.
 */
export function createEngine(database: LibsqlDatabase, access: "read" | "write"): SyncEngine {
  const inTransaction = (): boolean => database.open && database.inTransaction;
  return {
    reportsChanges: false,
    prepare: (sql) => createStatement(database, sql),
    exec: (sql) => {
      database.exec(sql);
    },
    inTransaction,
    isOpen: () => database.open,
    close: () => {
      // A statement that waits for the garbage collector keeps the connection, and with it the lock.
      if (inTransaction()) database.exec("ROLLBACK");
      if (access === "write") checkpoint(database);
      database.close();
    },
    classifyError,
  };
}

/**
 * Does what SQLite does when the last connection closes, which it does not notice here while statements wait for
 * the garbage collector. Like there, a failure is no failure of closing: the log stays, and is complete.
 */
function checkpoint(database: LibsqlDatabase): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (classifyError(error) === undefined) throw error;
  }
}

function createStatement(database: LibsqlDatabase, sql: string): SyncStatement {
  const statement = database.prepare(sql);
  const shape = scanStatement(sql);
  const { reader } = statement;
  if (reader) {
    statement.raw(true);
    statement.safeIntegers(true);
  }
  const explain = (): readonly unknown[][] => {
    const explained = database.prepare(`EXPLAIN ${sql}`);
    explained.raw(true);
    return readExplanation(explained, []);
  };
  const read = shape.words[0] === "EXPLAIN" ? readExplanation : readAll;
  const lock = (): StatementLock => (database.inTransaction ? "none" : lockOf(shape, explain));
  return {
    returnsRows: reader,
    get isReadOnly() {
      return cannotWrite(shape, explain);
    },
    columns: () => statement.columns().map((column) => column.name),
    all: (params) => withLock(database, lock(), () => read(statement, params)),
    run: (params) => withLock(database, lock(), () => statement.run(params).changes),
  };
}

/** An EXPLAIN stays at work when its last row is read (as the statement it explains would be), until it is reset. */
function readExplanation(statement: LibsqlStatement, params: readonly SqlValue[]): SqlValue[][] {
  try {
    return readAll(statement, params);
  } finally {
    statement.get(params);
  }
}

const begins: Readonly<Record<Exclude<StatementLock, "none">, string>> = {
  // Reading anything takes the lock that a deferred transaction does not take by itself.
  read: "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1",
  write: "BEGIN IMMEDIATE",
};

function withLock<T>(database: LibsqlDatabase, lock: StatementLock, work: () => T): T {
  if (lock === "none") return work();
  try {
    database.exec(begins[lock]);
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.open && database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
