import {
  DriverError,
  factsOfResultCode,
  type EngineErrorFacts,
  type SqlValue,
} from "@skillmeat/migrate-core/driver";

/** The members of a statement of `node:sqlite` that are used. */
export interface NodeStatement {
  all(...params: readonly SqlValue[]): unknown[];
  run(...params: readonly SqlValue[]): { changes: number | bigint };
  columns(): { name: string }[];
  setReadBigInts(enabled: boolean): void;
  setReturnArrays(enabled: boolean): void;
}

/** The members of a `DatabaseSync` of `node:sqlite` that are used. */
export interface NodeDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

/** The constructor that `node:sqlite` exports. */
export type NodeSqliteLibrary = new (
  path: string,
  options: { readonly readOnly: boolean; readonly timeout: number },
) => NodeDatabase;

/** @throws {DriverError} kind `unsupported`, reason `runtime`: this Node.js has no `node:sqlite` or an older one. */
export async function loadLibrary(): Promise<NodeSqliteLibrary> {
  try {
    const Library: unknown = Reflect.get(await import("node:sqlite"), "DatabaseSync");
    const usable = Library as NodeSqliteLibrary;
    assertUsable(usable);
    return usable;
  } catch (cause) {
    throw tooOld(cause);
  }
}

/** Early versions of the module lack members that cannot be done without. */
function assertUsable(Library: NodeSqliteLibrary): void {
  const database = new Library(":memory:", { readOnly: false, timeout: 0 });
  try {
    if (typeof database.isTransaction !== "boolean") throw new TypeError("isTransaction is missing");
    database.prepare("SELECT 1").setReturnArrays(true);
  } finally {
    database.close();
  }
}

function tooOld(cause: unknown): DriverError {
  return new DriverError("unsupported", `this Node.js (${process.versions.node}) has no usable node:sqlite`, {
    cause,
    reason: "runtime",
    hint: "run with Node.js 24 or newer, or use the better-sqlite3 driver",
  });
}

/** Rows of a statement that returns arrays and big integers. */
export function readAll(statement: NodeStatement, params: readonly SqlValue[]): SqlValue[][] {
  return statement.all(...params) as SqlValue[][];
}

/** What the module says by itself, without SQLite. */
const ownErrors: readonly (readonly [start: string, facts: EngineErrorFacts])[] = [
  ["database is not open", { kind: "closed" }],
  ["statement has been finalized", { kind: "closed" }],
];

/** Says what an error of `node:sqlite` means; `undefined` for errors that are not its own. */
export function classifyError(error: unknown): EngineErrorFacts | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = "errcode" in error ? error.errcode : undefined;
  if (typeof code === "number") return factsOfResultCode(code);
  return ownErrors.find(([start]) => error.message.startsWith(start))?.[1];
}
