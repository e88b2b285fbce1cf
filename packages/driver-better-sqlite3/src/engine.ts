import {
  DriverError,
  factsOfResultCode,
  factsOfResultName,
  type EngineErrorFacts,
  type SqlValue,
  type SyncEngine,
  type SyncStatement,
} from "@skillmeat/migrate-core/driver";

/** The members of a better-sqlite3 statement that are used. */
export interface BetterSqlite3Statement {
  readonly reader: boolean;
  readonly readonly: boolean;
  all(params: readonly SqlValue[]): unknown[];
  run(params: readonly SqlValue[]): { changes: number };
  columns(): { name: string }[];
  raw(toggle: boolean): unknown;
  safeIntegers(toggle: boolean): unknown;
}

/** The members of a better-sqlite3 `Database` that are used. */
export interface BetterSqlite3Database {
  readonly open: boolean;
  readonly inTransaction: boolean;
  readonly name: string;
  readonly memory: boolean;
  prepare(sql: string): BetterSqlite3Statement;
  exec(sql: string): unknown;
  close(): unknown;
}

export interface BetterSqlite3OpenOptions {
  readonly readonly: boolean;
  readonly fileMustExist: boolean;
  readonly timeout: number;
}

/** The constructor that better-sqlite3 exports. */
export type BetterSqlite3Library = new (
  path: string,
  options: BetterSqlite3OpenOptions,
) => BetterSqlite3Database;

/** In a variable, so that neither compilers nor bundlers look for the package where it is not used. */
const libraryName: string = "better-sqlite3";

/**
 * Loads the library the driver was installed for.
 *
 * @throws {DriverError} kind `unsupported`, reason `not-installed`.
 */
export async function loadLibrary(): Promise<BetterSqlite3Library> {
  try {
    const module = (await import(libraryName)) as { readonly default: unknown };
    if (typeof module.default === "function") return module.default as BetterSqlite3Library;
  } catch (cause) {
    throw notInstalled(cause);
  }
  throw notInstalled(new TypeError("the package does not export a constructor"));
}

/** The native part is loaded by the first `new Database`, and is missing where no build fits the machine. */
export function isMissingBuild(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "MODULE_NOT_FOUND" || code === "ERR_DLOPEN_FAILED";
}

export function notInstalled(cause: unknown): DriverError {
  const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  return new DriverError("unsupported", `cannot load the package "better-sqlite3": ${detail}`, {
    cause,
    reason: "not-installed",
    hint: "install it beside this driver: npm install better-sqlite3",
  });
}

/** Offers a better-sqlite3 connection as the engine that core's driver machinery works with. */
export function createEngine(database: BetterSqlite3Database): SyncEngine {
  return {
    // run() compares total_changes() before and after.
    reportsChanges: true,
    prepare: (sql) => createStatement(database.prepare(sql)),
    exec: (sql) => {
      database.exec(sql);
    },
    inTransaction: () => database.inTransaction,
    isOpen: () => database.open,
    close: () => {
      database.close();
    },
    classifyError,
  };
}

function createStatement(statement: BetterSqlite3Statement): SyncStatement {
  const { reader } = statement;
  if (reader) {
    statement.raw(true);
    statement.safeIntegers(true);
  }
  return {
    returnsRows: reader,
    isReadOnly: statement.readonly,
    columns: () => statement.columns().map((column) => column.name),
    all: (params) => statement.all(params) as SqlValue[][],
    run: (params) => statement.run(params).changes,
  };
}

/** What the library says by itself, without SQLite, has no code but a fixed text. */
const ownErrors: readonly (readonly [start: string, facts: EngineErrorFacts])[] = [
  ["The supplied SQL string contains no statements", { kind: "sql" }],
  ["The supplied SQL string contains more than one", { kind: "sql", reason: "several-statements" }],
  ["Too few parameter values", { kind: "value", reason: "parameters" }],
  ["Too many parameter values", { kind: "value", reason: "parameters" }],
  ["Missing named parameter", { kind: "value", reason: "parameters" }],
  ["The bound string, buffer, or bigint is too big", { kind: "value" }],
  ["The database connection is not open", { kind: "closed" }],
  ["This database connection is busy", { kind: "busy" }],
];

const unknownCode = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;

/** Says what an error of better-sqlite3 means; `undefined` for errors that are not its own. */
export function classifyError(error: unknown): EngineErrorFacts | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code !== "string") return ownErrors.find(([start]) => error.message.startsWith(start))?.[1];
  const number = unknownCode.exec(code)?.[1];
  return number === undefined ? factsOfResultName(code) : factsOfResultCode(Number(number));
}
