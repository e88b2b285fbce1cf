import { DriverError } from "@skillmeat/migrate-core/driver";

const oldestMajor = 22;

/**
 * Refuses an old Node.js before better-sqlite3 is loaded: version 13 ends an older process with a segmentation
 * fault instead of an error.
 *
 * @param version as in `process.versions.node`.
 * @throws {DriverError} kind `unsupported`, reason `runtime`.
 */
export function assertRuntime(version: string): void {
  if (Number.parseInt(version, 10) >= oldestMajor) return;
  throw new DriverError(
    "unsupported",
    `better-sqlite3 needs Node.js ${oldestMajor} or newer, and this is ${version}`,
    { reason: "runtime", hint: `run with Node.js ${oldestMajor} or newer` },
  );
}
