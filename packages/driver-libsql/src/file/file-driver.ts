import { constants } from "node:buffer";
import { pathToFileURL } from "node:url";
import { fromEngineError, type SyncFileDriver, type SyncLibrary } from "@skillmeat/migrate-core/driver";
import { createEngine } from "./create-engine.ts";
import { classifyError, loadLibrary, type LibsqlLibrary } from "./engine.ts";

/** What the shared machinery for files needs to know about libSQL. */
export const fileDriver: SyncFileDriver = { name: "libsql", load };

async function load(): Promise<SyncLibrary> {
  const Library = loadLibrary();
  return {
    lock: "file",
    sqlBytes: constants.MAX_STRING_LENGTH,
    open: (path, access) => open(Library, path, access),
  };
}

function open(Library: LibsqlLibrary, path: string, access: "read" | "write") {
  try {
    return createEngine(new Library(addressOf(path, access), { timeout: 0 }), access);
  } catch (error) {
    throw fromEngineError({ classifyError }, error, path);
  }
}

/** The engine creates no file, which would be readable by others: the shared machinery has made it already. */
function addressOf(path: string, access: "read" | "write"): string {
  if (path === ":memory:") return path;
  return `${pathToFileURL(path).href}?mode=${access === "read" ? "ro" : "rw"}`;
}
