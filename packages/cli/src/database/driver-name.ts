/** The drivers that the command line knows by name. */
export type DriverName = "better-sqlite3" | "node-sqlite" | "node-sqlite3-wasm" | "libsql";

export const driverNames: readonly DriverName[] = [
  "better-sqlite3",
  "node-sqlite",
  "node-sqlite3-wasm",
  "libsql",
];

export function isDriverName(value: unknown): value is DriverName {
  return driverNames.some((name) => name === value);
}
