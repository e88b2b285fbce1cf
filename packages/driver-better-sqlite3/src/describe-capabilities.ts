import { constants } from "node:buffer";
import { probeCapabilities, type Capabilities } from "@skillmeat/migrate-core/driver";
import { createEngine, type BetterSqlite3Library } from "./engine.ts";

/** What the SQLite inside this build of better-sqlite3 can do, found out when it is first asked for. */
export function describeCapabilities(library: BetterSqlite3Library): Capabilities {
  return probeCapabilities({
    openScratch: () =>
      createEngine(new library(":memory:", { readonly: false, fileMustExist: false, timeout: 0 })),
    lock: "file",
    sqlBytes: constants.MAX_STRING_LENGTH,
  });
}
