import type { DriverErrorKind, DriverErrorReason } from "./driver-error.ts";

/** What an engine's result code says, in the words of the seam. */
export interface EngineErrorFacts {
  readonly kind: DriverErrorKind;
  readonly engineCode?: string;
  readonly reason?: DriverErrorReason;
  readonly hint?: string;
}

/** Primary result codes that are errors (sqlite.org/rescode.html) and the kind each one belongs to. */
const primaryCodes: readonly (readonly [code: number, name: string, kind: DriverErrorKind])[] = [
  [1, "SQLITE_ERROR", "sql"],
  [2, "SQLITE_INTERNAL", "sql"],
  [3, "SQLITE_PERM", "cantopen"],
  [4, "SQLITE_ABORT", "sql"],
  [5, "SQLITE_BUSY", "busy"],
  [6, "SQLITE_LOCKED", "busy"],
  [7, "SQLITE_NOMEM", "io"],
  [8, "SQLITE_READONLY", "readonly"],
  [9, "SQLITE_INTERRUPT", "timeout"],
  [10, "SQLITE_IOERR", "io"],
  [11, "SQLITE_CORRUPT", "corrupt"],
  [12, "SQLITE_NOTFOUND", "sql"],
  [13, "SQLITE_FULL", "full"],
  [14, "SQLITE_CANTOPEN", "cantopen"],
  [15, "SQLITE_PROTOCOL", "busy"],
  [16, "SQLITE_EMPTY", "sql"],
  [17, "SQLITE_SCHEMA", "sql"],
  [18, "SQLITE_TOOBIG", "value"],
  [19, "SQLITE_CONSTRAINT", "constraint"],
  [20, "SQLITE_MISMATCH", "constraint"],
  [21, "SQLITE_MISUSE", "sql"],
  [22, "SQLITE_NOLFS", "io"],
  [23, "SQLITE_AUTH", "unsupported"],
  [24, "SQLITE_FORMAT", "sql"],
  [25, "SQLITE_RANGE", "value"],
  [26, "SQLITE_NOTADB", "notadb"],
];

/** Extended codes that say more than the kind. */
const extendedCodes: Readonly<Record<string, Omit<EngineErrorFacts, "kind" | "engineCode">>> = {
  SQLITE_CANTOPEN_ISDIR: { reason: "directory" },
  SQLITE_READONLY_DBMOVED: { reason: "replaced" },
  SQLITE_READONLY_ROLLBACK: {
    reason: "crashed-writer",
    hint: "a crashed transaction waits to be rolled back: run a command that writes, such as upgrade",
  },
  SQLITE_READONLY_RECOVERY: {
    reason: "crashed-writer",
    hint: "a crashed transaction waits to be recovered: run a command that writes, such as upgrade",
  },
};

/** The numbers of those, for libraries that know no names (sqlite.org/rescode.html). */
const extendedNames: Readonly<Record<number, string>> = {
  264: "SQLITE_READONLY_RECOVERY",
  526: "SQLITE_CANTOPEN_ISDIR",
  776: "SQLITE_READONLY_ROLLBACK",
  1032: "SQLITE_READONLY_DBMOVED",
};

/**
 * Finds the kind of an error by the name of its result code, primary or extended: `"SQLITE_BUSY"`,
 * `"SQLITE_IOERR_FSYNC"`.
 *
 * @returns `undefined` when SQLite has no such code.
 */
export function factsOfResultName(name: string): EngineErrorFacts | undefined {
  const primary = primaryCodes.find(([, known]) => name === known || name.startsWith(`${known}_`));
  if (primary === undefined) return undefined;
  return { kind: primary[2], engineCode: name, ...extendedCodes[name] };
}

/**
 * Finds the kind of an error by the number of its result code. The low eight bits of an extended code are
 * its primary code.
 *
 * @returns `undefined` when SQLite has no such code, and for `SQLITE_OK`, `SQLITE_ROW`, `SQLITE_DONE`.
 */
export function factsOfResultCode(code: number): EngineErrorFacts | undefined {
  const extended = extendedNames[code];
  if (extended !== undefined) return factsOfResultName(extended);
  const primary = primaryCodes.find(([known]) => known === (code & 0xff));
  return primary === undefined ? undefined : { kind: primary[2], engineCode: primary[1] };
}
