import { createRequire } from "node:module";
import {
  DriverError,
  factsOfResultCode,
  factsOfResultName,
  type EngineErrorFacts,
  type SqlValue,
} from "@skillmeat/migrate-core/driver";

/** The members of a statement of the package `libsql` that are used. */
export interface LibsqlStatement {
  readonly reader: boolean;
  all(params: readonly SqlValue[]): unknown[];
  /** Reads one row and resets the statement. */
  get(params: readonly SqlValue[]): unknown;
  run(params: readonly SqlValue[]): { changes: number };
  columns(): { name: string }[];
  raw(toggle: boolean): unknown;
  safeIntegers(toggle: boolean): unknown;
}

/** The members of a `Database` of the package `libsql` that are used. */
export interface LibsqlDatabase {
  readonly open: boolean;
  /** Not to be asked when `open` is false: that ends the process. */
  readonly inTransaction: boolean;
  prepare(sql: string): LibsqlStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/** The constructor that the package `libsql` exports. */
export type LibsqlLibrary = new (path: string, options: { readonly timeout: number }) => LibsqlDatabase;

/** A client for an embedded replica. */
export interface ReplicaClient {
  sync(): Promise<{ readonly frame_no: number } | undefined>;
  execute(sql: string): Promise<{ readonly rows: readonly ArrayLike<unknown>[] }>;
  close(): void;
}

export interface ReplicaClientOptions {
  readonly url: string;
  readonly syncUrl: string;
  readonly authToken?: string;
  readonly intMode: "bigint";
}

/** In a variable, so that neither compilers nor bundlers look for the package where it is not used. */
const packageName: string = "@libsql/client";

/**
 * Loads the engine that `@libsql/client` brings along, instead of the client: the client is a pool of
 * connections that does not finalise a BEGIN or COMMIT that was busy.
 *
 * @throws {DriverError} kind `unsupported`, reason `not-installed`.
 */
export function loadLibrary(): LibsqlLibrary {
  try {
    const client = createRequire(import.meta.url).resolve(packageName);
    const library: unknown = createRequire(client)("libsql");
    if (typeof library === "function") return library as LibsqlLibrary;
  } catch (cause) {
    throw notInstalled(cause);
  }
  throw notInstalled(new TypeError("the package libsql does not export a constructor"));
}

/** @throws {DriverError} kind `unsupported`, reason `not-installed`. */
export async function createReplicaClient(options: ReplicaClientOptions): Promise<ReplicaClient> {
  let create: unknown;
  try {
    create = Reflect.get((await import(packageName)) as object, "createClient");
  } catch (cause) {
    throw notInstalled(cause);
  }
  if (typeof create !== "function") throw notInstalled(new TypeError("there is no createClient"));
  return Reflect.apply(create, undefined, [options]) as ReplicaClient;
}

function notInstalled(cause: unknown): DriverError {
  const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  return new DriverError("unsupported", `cannot load the package "${packageName}": ${detail}`, {
    cause,
    reason: "not-installed",
    hint: `install it beside this driver: npm install ${packageName}`,
  });
}

/** Rows of a statement in raw mode. */
export function readAll(statement: LibsqlStatement, params: readonly SqlValue[]): SqlValue[][] {
  return statement.all(params) as SqlValue[][];
}

/** The library wraps what its opening answers in a text of its own, which ends in the result code. */
const openFailure = /ConnectionFailed\("[^]*: (\d+)"\)/;

/** Says what an error of the library means; `undefined` for errors that are not its own. */
export function classifyError(error: unknown): EngineErrorFacts | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.message === "The database connection is not open") return { kind: "closed" };
  const opened = openFailure.exec(error.message)?.[1];
  if (opened !== undefined) return factsOfResultCode(Number(opened));
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code !== "string") return undefined;
  const number: unknown = "rawCode" in error ? error.rawCode : undefined;
  return (
    factsOfResultName(code) ?? (typeof number === "number" ? factsOfResultCode(number) : { kind: "sql" })
  );
}
