import { type Connection, type ConnectOptions, type Driver, DriverError } from "@skillmeat/migrate-core";
import type { SyncFileOptions } from "@skillmeat/migrate-core/driver";
import { makeOptionalDriver, type OptionalDriver } from "./optional-driver.ts";

/** A driver of files; the last one is installed by those who need it. */
export type FileDriverName = "better-sqlite3" | "node-sqlite" | "node-sqlite3-wasm";

/** Told which driver a connection was made with, and why where that was not the first choice. */
export type OnChosen = (driver: string, connection: Connection, reason?: string) => void;

export interface FileDriverRequest {
  /** `undefined`: better-sqlite3 where it is installed, else the SQLite of Node.js. */
  readonly driver: FileDriverName | undefined;
  readonly settings: SyncFileOptions;
  readonly onChosen: OnChosen;
}

/** Opens a file with the driver that is named, or with the first one that can be loaded. */
export async function connectFile(request: FileDriverRequest, options: ConnectOptions): Promise<Connection> {
  const { driver, settings, onChosen } = request;
  if (driver === "node-sqlite") return await connectNodeSqlite(request, options);
  if (driver === "node-sqlite3-wasm") return await connectWasm(request, options);
  try {
    const connection = await (await makeBetterSqlite3(settings)).connect(options);
    onChosen("better-sqlite3", connection);
    return connection;
  } catch (error) {
    if (driver !== undefined || !isNotInstalled(error)) throw error;
    return await connectNodeSqlite(request, options, error.message);
  }
}

async function connectNodeSqlite(
  { settings, onChosen }: FileDriverRequest,
  options: ConnectOptions,
  reason?: string,
): Promise<Connection> {
  const { nodeSqlite } = await import("@skillmeat/migrate-driver-node-sqlite");
  const connection = await nodeSqlite(settings).connect(options);
  onChosen("node-sqlite", connection, reason);
  return connection;
}

const wasmDriver: OptionalDriver = {
  driver: "node-sqlite3-wasm",
  packageName: "@skillmeat/migrate-driver-node-sqlite3-wasm",
  exportName: "nodeSqlite3Wasm",
};

async function connectWasm(
  { settings, onChosen }: FileDriverRequest,
  options: ConnectOptions,
): Promise<Connection> {
  const connection = await (await makeOptionalDriver(wasmDriver, { ...settings })).connect(options);
  onChosen("node-sqlite3-wasm", connection);
  return connection;
}

async function makeBetterSqlite3(settings: SyncFileOptions): Promise<Driver> {
  const { betterSqlite3 } = await import("@skillmeat/migrate-driver-better-sqlite3");
  return betterSqlite3(settings);
}

function isNotInstalled(error: unknown): error is DriverError {
  return error instanceof DriverError && error.reason === "not-installed";
}
