import { closeSync, openSync, readSync } from "node:fs";
import { DriverError, quoteForMessage } from "@skillmeat/migrate-core/driver";

/** Where the header of a database file says what (sqlite.org/fileformat2.html#the_database_header). */
const versionOffset = 18;
const writeAheadLog = 2;
const encodingOffset = 56;
const largestUtf8 = 1;
const headerLength = 100;

/**
 * Refuses what the library cannot read and would call damaged or unable to open.
 *
 * @throws {DriverError} kind `unsupported`: a write-ahead log, or text in UTF-16.
 */
export function assertFormat(path: string): void {
  const header = readHeader(path);
  if (header.subarray(versionOffset, versionOffset + 2).includes(writeAheadLog)) {
    throw refuse(
      path,
      "it uses a write-ahead log, which node-sqlite3-wasm cannot read",
      "use the driver better-sqlite3 or node:sqlite, or run PRAGMA journal_mode = DELETE through one of them first",
    );
  }
  if (header.readUInt32BE(encodingOffset) > largestUtf8) {
    throw refuse(
      path,
      "its text is UTF-16, which node-sqlite3-wasm cannot read",
      "use the driver better-sqlite3 or node:sqlite",
    );
  }
}

/** Zeroes for what is no database, of which SQLite itself has to say so. */
function readHeader(path: string): Buffer {
  const header = Buffer.alloc(headerLength);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, header);
  } finally {
    closeSync(descriptor);
  }
  return header.toString("latin1", 0, 15) === "SQLite format 3" ? header : Buffer.alloc(headerLength);
}

function refuse(path: string, problem: string, hint: string): DriverError {
  return new DriverError("unsupported", `cannot open the database ${quoteForMessage(path)}: ${problem}`, {
    target: path,
    hint,
  });
}
