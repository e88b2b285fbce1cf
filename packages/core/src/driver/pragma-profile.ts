import { DriverError } from "./driver-error.ts";
import type { Executor } from "./driver.ts";
import type { SqlValue } from "./statement.ts";

/** PRAGMA names and the values to set, in the order to set them. */
export type PragmaProfile = Readonly<Record<string, string | number>>;

export interface PragmaReport {
  readonly name: string;
  readonly wanted: string | number;
  /** What the engine says afterwards, `null` when it does not know the PRAGMA or refuses it. */
  readonly got: SqlValue;
  /** Whether `got` means `wanted`. */
  readonly applied: boolean;
}

/** Words that SQLite takes for the numbers it reports (sqlite.org/pragma.html). */
const words: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  synchronous: { off: 0, normal: 1, full: 2, extra: 3 },
  temp_store: { default: 0, file: 1, memory: 2 },
  auto_vacuum: { none: 0, full: 1, incremental: 2 },
  secure_delete: { fast: 2 },
};
const switches: Readonly<Record<string, number>> = { off: 0, no: 0, false: 0, on: 1, yes: 1, true: 1 };

/**
 * Sets PRAGMAs on a connection and reads each one back, because engines ignore those they cannot honour
 * without an error. Whether a PRAGMA that was not applied matters is for the caller to say.
 *
 * @param executor the connection, outside a transaction.
 * @throws {TypeError} a name or value that is not a plain word or number.
 * @throws {DriverError} what is not a refusal of the PRAGMA itself, such as kind `busy`.
 */
export async function applyPragmas(
  executor: Executor,
  profile: PragmaProfile,
): Promise<readonly PragmaReport[]> {
  const reports: PragmaReport[] = [];
  for (const [name, wanted] of Object.entries(profile)) {
    assertPragma(name, wanted);
    await set(executor, name, wanted);
    const got = await read(executor, name);
    reports.push({ name, wanted, got, applied: meansSame(name, wanted, got) });
  }
  return reports;
}

function assertPragma(name: string, wanted: unknown): void {
  const isNumber = typeof wanted === "number" && Number.isSafeInteger(wanted);
  const isWord = typeof wanted === "string" && /^[a-z][\w-]*$/i.test(wanted);
  if (/^[a-z_]+$/i.test(name) && (isNumber || isWord)) return;
  throw new TypeError(`PRAGMA ${JSON.stringify(name)} cannot be set to ${JSON.stringify(wanted)}`);
}

async function set(executor: Executor, name: string, wanted: string | number): Promise<void> {
  try {
    await executor.query({ sql: `PRAGMA ${name} = ${wanted}` });
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

async function read(executor: Executor, name: string): Promise<SqlValue> {
  try {
    const { rows } = await executor.query({ sql: `PRAGMA ${name}` });
    return rows[0]?.[0] ?? null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}

/** Remote engines answer a PRAGMA they do not offer with an SQL error; a connection for reading refuses to write. */
const refusals: ReadonlySet<string> = new Set(["sql", "unsupported", "readonly"]);

function isRefusal(error: unknown): boolean {
  return error instanceof DriverError && refusals.has(error.kind);
}

function meansSame(name: string, wanted: string | number, got: SqlValue): boolean {
  if (got === null) return false;
  const text = String(wanted).toLowerCase();
  if (text === String(got).toLowerCase()) return true;
  const number = words[name.toLowerCase()]?.[text] ?? switches[text];
  return number !== undefined && number === got;
}
