import { factsOfResultCode, type EngineErrorFacts, type SqlValue } from "@skillmeat/migrate-core/driver";

/**
 * The members of node-sqlite3-wasm that are used. Its documented ones return rows as objects, in which columns of
 * the same name and the columns of an empty result are lost, and throw errors without a code; so the driver uses the
 * steps below them. `assertUsable` tries them out before anything else happens.
 */
export interface WasmStatement {
  /** `sqlite3_stmt*`. */
  readonly _ptr: number;
  readonly isFinalized: boolean;
  /** Throws the error of the last step again unless the statement was reset. */
  finalize(): void;
  /** Forgets values and locks; false when the last step had failed. */
  _reset(): boolean;
  /** Resets the statement and binds values to its parameters in order. */
  _bind(values: readonly SqlValue[]): void;
  /** Whether there is a row. */
  _step(): boolean;
  /** The row, under the names that are given for its columns. */
  _getRow(names: readonly string[], expand: boolean): Record<string, SqlValue>;
  _getColumnNames(): string[];
}

export interface WasmDatabase {
  /** `sqlite3*`. */
  readonly _ptr: number;
  readonly isOpen: boolean;
  /** Throws when the database is closed. */
  readonly inTransaction: boolean;
  prepare(sql: string): WasmStatement;
  exec(sql: string): void;
  close(): void;
  /** Throws for every result code but SQLITE_OK. */
  _handleError: (code: number) => void;
}

export type WasmDatabaseClass = new (path: string, options: WasmOpenOptions) => WasmDatabase;

export interface WasmOpenOptions {
  readonly fileMustExist: boolean;
  readonly readOnly: boolean;
}

/** SQLite's own functions, on addresses in the memory of the WebAssembly module. */
export interface WasmLibrary {
  readonly Database: WasmDatabaseClass;
  _sqlite3_changes(database: number): number;
  _sqlite3_column_count(statement: number): number;
  _sqlite3_column_bytes(statement: number, column: number): number;
  _sqlite3_column_blob(statement: number, column: number): number;
  _sqlite3_bind_blob(...args: BindArguments): number;
  _sqlite3_bind_text(...args: BindArguments): number;
}

export type BindArguments = [
  statement: number,
  position: number,
  address: number,
  bytes: number,
  destructor: number,
];

/** SQLITE_TRANSIENT: SQLite makes a copy of its own. */
export const copied = -1;

/** Keeps the result code, which the library throws away. */
class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: number;

  constructor(code: number, cause: Error) {
    super(cause.message, { cause });
    this.code = code;
  }
}

/** Makes the errors of a database and its statements keep the result code. */
export function keepResultCodes(database: WasmDatabase): void {
  const raise = database._handleError.bind(database);
  database._handleError = (code) => {
    try {
      raise(code);
    } catch (error) {
      throw error instanceof Error ? new CodedError(code, error) : error;
    }
  };
}

/** What the library says by itself, without SQLite, has no code but a fixed text. */
const ownErrors: readonly (readonly [start: string, facts: EngineErrorFacts])[] = [
  ["Could not open the database", { kind: "cantopen" }],
  ["Nothing to prepare", { kind: "sql" }],
  ["Database already closed", { kind: "closed" }],
  ["Database is closed", { kind: "closed" }],
  ["Statement already finalized", { kind: "closed" }],
  ["Unsupported type for binding", { kind: "value" }],
];

/** Says what an error of node-sqlite3-wasm means; `undefined` for errors that are not its own. */
export function classifyError(error: unknown): EngineErrorFacts | undefined {
  if (error instanceof CodedError) return factsOfResultCode(error.code);
  if (!(error instanceof Error)) return undefined;
  // Of WebAssembly itself: out of memory, or a bug that ends its instance.
  if (error.name === "RuntimeError") return { kind: "io" };
  return ownErrors.find(([start]) => error.message.startsWith(start))?.[1];
}

/** In variables, so that neither compilers nor bundlers look for what is used where it is installed. */
const libraryName: string = "node-sqlite3-wasm";
const nativeModule: string = "node:sqlite";

/** Whatever is installed under the name of the library. */
export async function importLibrary(): Promise<WasmLibrary> {
  const module = (await import(libraryName)) as { readonly default: WasmLibrary };
  return module.default;
}

/** The members of a `DatabaseSync` of `node:sqlite` that are used. */
export interface NativeDatabase {
  prepare(sql: string): { all(): unknown };
  close(): void;
}

/** Opens a file with the SQLite inside Node.js, which some runtimes lack. */
export async function openNative(path: string): Promise<NativeDatabase> {
  const module: unknown = await import(nativeModule);
  const { DatabaseSync } = module as { readonly DatabaseSync: new (path: string) => NativeDatabase };
  return new DatabaseSync(path);
}
