import {
  cannotWrite,
  DriverError,
  scanStatement,
  type SqlValue,
  type StatementShape,
  type SyncEngine,
  type SyncStatement,
} from "@skillmeat/migrate-core/driver";
import {
  classifyError,
  keepResultCodes,
  type WasmDatabase,
  type WasmLibrary,
  type WasmStatement,
} from "./engine.ts";
import { createExactText, type ExactText } from "./exact-text.ts";
import { watchFile, type FileWatch } from "./watch-file.ts";

/** What the parts of one engine share. */
interface Session {
  readonly library: WasmLibrary;
  readonly database: WasmDatabase;
  readonly text: ExactText;
  readonly watch: FileWatch;
  /** What is not finalized keeps the database open after `close`. */
  readonly statements: Set<WasmStatement>;
}

/** Opens a database as the engine that core's driver machinery works with. */
export function createEngine(library: WasmLibrary, path: string, access: "read" | "write"): SyncEngine {
  const isMemory = path === ":memory:";
  const { Database } = library;
  const database = new Database(path, { fileMustExist: !isMemory, readOnly: access === "read" });
  keepResultCodes(database);
  const session: Session = {
    library,
    database,
    text: createExactText(library, database),
    watch: watchFile(isMemory ? undefined : path),
    statements: new Set(),
  };
  return {
    // changes() is not reset by DDL.
    reportsChanges: false,
    prepare: (sql) => createStatement(session, sql),
    exec: (sql) => execute(session, sql),
    inTransaction: () => database.isOpen && database.inTransaction,
    isOpen: () => database.isOpen,
    close: () => close(session),
    classifyError,
  };
}

function execute({ database, watch }: Session, sql: string): void {
  assertLength(sql);
  watch.beforeStatement(database);
  database.exec(sql);
  if (sql === "BEGIN IMMEDIATE") watch.afterBegin(database);
}

function close({ database, text, watch, statements }: Session): void {
  for (const statement of statements) statement.finalize();
  statements.clear();
  text.close();
  database.close();
  watch.close();
}

function createStatement(session: Session, sql: string): SyncStatement {
  const shape = scanStatement(sql);
  assertOneStatement(shape);
  const statement = prepare(session, sql);
  let readOnly: boolean | undefined;
  return {
    returnsRows: session.library._sqlite3_column_count(statement._ptr) > 0,
    get isReadOnly() {
      readOnly ??= cannotWrite(shape, () => explain(session, sql));
      return readOnly;
    },
    columns: () => statement._getColumnNames(),
    all: (params) => readAll(session, statement, params),
    run: (params) => {
      runToEnd(session, statement, params, () => undefined);
      return session.library._sqlite3_changes(session.database._ptr);
    },
    finalize: () => finalize(session, statement),
  };
}

function prepare({ database, statements }: Session, sql: string): WasmStatement {
  assertLength(sql);
  const statement = database.prepare(sql);
  statements.add(statement);
  return statement;
}

function finalize({ statements }: Session, statement: WasmStatement): void {
  if (statements.delete(statement)) statement.finalize();
}

function explain(session: Session, sql: string): SqlValue[][] {
  const statement = prepare(session, `EXPLAIN ${sql}`);
  try {
    return readAll(session, statement, []);
  } finally {
    finalize(session, statement);
  }
}

function readAll(session: Session, statement: WasmStatement, params: readonly SqlValue[]): SqlValue[][] {
  const rows: SqlValue[][] = [];
  let names: readonly string[] | undefined;
  runToEnd(session, statement, params, () => {
    // Counted after the first step, which prepares the statement again when the schema has changed.
    names ??= statement._getColumnNames().map((_, index) => String(index));
    const found = statement._getRow(names, false);
    rows.push(
      names.map((name, column) => {
        const value = found[name] ?? null;
        return typeof value === "string" ? session.text.read(statement, column, value) : value;
      }),
    );
  });
  return rows;
}

// oxlint-disable-next-line max-params -- one session, its statement, the values, what to do with a row
function runToEnd(
  { database, text, watch }: Session,
  statement: WasmStatement,
  params: readonly SqlValue[],
  onRow: () => void,
): void {
  for (const value of params) assertLength(value);
  watch.beforeStatement(database);
  try {
    statement._bind(params);
    text.bind(statement, params);
    while (statement._step()) onRow();
  } finally {
    // Gives back locks and memory, and forgets a failure that the next use would throw again.
    statement._reset();
  }
}

/** The module has 2 GB of memory, and writes over its own when a value does not fit. */
export const longestValue = 268_435_456;

function assertLength(value: SqlValue): void {
  const length =
    typeof value === "string" ? value.length : value instanceof Uint8Array ? value.byteLength : 0;
  if (length <= longestValue) return;
  throw new DriverError("value", `a text or blob of ${length} is longer than ${longestValue}`);
}

/** The library prepares the first statement of a text and drops the rest without a word. */
function assertOneStatement({ statements }: StatementShape): void {
  if (statements === 1) return;
  throw statements === 0
    ? new DriverError("sql", "the text contains no statement")
    : new DriverError("sql", "the text contains more than one statement", { reason: "several-statements" });
}
