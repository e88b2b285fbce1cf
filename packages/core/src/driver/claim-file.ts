import type { DatabaseFile } from "./database-file.ts";
import { DriverError } from "./driver-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

interface Claim {
  readonly engine: string;
  connections: number;
}

/**
 * The files that this process has open, by device and inode. It hangs on the global object because the danger
 * is the process's: two copies of this package, or two drivers, must see the same list.
 */
const registryKey = Symbol.for("@skillmeat/migrate-core/open-files");

/**
 * Notes that a library of this process has a file open, and refuses a second library.
 *
 * POSIX locks belong to the process: two copies of SQLite in one process do not see each other's locks, and
 * closing the file in one of them drops the locks of the other (sqlite.org/howtocorrupt.html, section 2.2.1).
 *
 * @param engine the name of the library with its own copy of SQLite.
 * @returns what takes the note back, when the connection is closed.
 * @throws {DriverError} kind `busy`, reason `in-use`.
 */
export function claimFile(file: Pick<DatabaseFile, "path" | "identity">, engine: string): () => void {
  const claims = openFiles();
  const key = `${file.identity.device}:${file.identity.inode}`;
  const claim = claims.get(key) ?? { engine, connections: 0 };
  if (claim.engine !== engine) throw inUse(file.path, claim.engine, engine);
  claim.connections += 1;
  claims.set(key, claim);
  return () => {
    claim.connections -= 1;
    if (claim.connections === 0) claims.delete(key);
  };
}

function openFiles(): Map<string, Claim> {
  const found: unknown = Reflect.get(globalThis, registryKey);
  if (found instanceof Map) return found;
  const created = new Map<string, Claim>();
  Reflect.set(globalThis, registryKey, created);
  return created;
}

function inUse(path: string, holder: string, engine: string): DriverError {
  return new DriverError(
    "busy",
    `cannot open ${quoteForMessage(path)} with ${engine}: this process has it open with ${holder}`,
    {
      reason: "in-use",
      target: path,
      hint: "close the other connection first; two copies of SQLite in one process do not see each other's locks",
    },
  );
}
