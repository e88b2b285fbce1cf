import {
  cannotWrite,
  DriverError,
  scanStatement,
  type SyncEngine,
  type SyncStatement,
} from "@skillmeat/migrate-core/driver";
import { classifyError, readAll, type NodeDatabase, type NodeStatement } from "./engine.ts";

/** Offers a database of `node:sqlite` as the engine that core's driver machinery works with. */
export function createEngine(database: NodeDatabase): SyncEngine {
  return {
    // run() passes on changes(), which DDL does not reset.
    reportsChanges: false,
    prepare: (sql) => createStatement(database, sql),
    exec: (sql) => {
      database.exec(sql);
    },
    inTransaction: () => database.isOpen && database.isTransaction,
    isOpen: () => database.isOpen,
    close: () => {
      database.close();
    },
    classifyError,
  };
}

function createStatement(database: NodeDatabase, sql: string): SyncStatement {
  const shape = scanStatement(sql);
  assertOneStatement(shape.statements);
  const statement = prepare(database, sql);
  const returnsRows = statement.columns().length > 0;
  let readOnly: boolean | undefined;
  return {
    returnsRows,
    get isReadOnly() {
      readOnly ??= cannotWrite(shape, () => readAll(prepare(database, `EXPLAIN ${sql}`), []));
      return readOnly;
    },
    columns: () => statement.columns().map((column) => column.name),
    all: (params) => readAll(statement, params),
    run: (params) => Number(statement.run(...params).changes),
  };
}

function prepare(database: NodeDatabase, sql: string): NodeStatement {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement;
}

/** The module prepares the first statement of a text and drops the rest without a word. */
function assertOneStatement(statements: 0 | 1 | 2): void {
  if (statements === 1) return;
  throw statements === 0
    ? new DriverError("sql", "the text contains no statement")
    : new DriverError("sql", "the text contains more than one statement", { reason: "several-statements" });
}
