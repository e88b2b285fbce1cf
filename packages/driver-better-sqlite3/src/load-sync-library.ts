import { constants } from "node:buffer";
import {
  DriverError,
  fromEngineError,
  quoteForMessage,
  type SyncFileDriver,
  type SyncLibrary,
} from "@skillmeat/migrate-core/driver";
import { assertRuntime } from "./assert-runtime.ts";
import { classifyError, createEngine, isMissingBuild, loadLibrary, notInstalled } from "./engine.ts";

/** better-sqlite3 as the shared driver code uses it. */
export const betterSqlite3Engine: SyncFileDriver = {
  name: "better-sqlite3",
  load: async () => {
    assertRuntime(process.versions.node);
    return await loadSyncLibrary();
  },
  assertPath: assertOpensByName,
};

/** @throws {DriverError} kind `unsupported`, reason `not-installed`. */
export async function loadSyncLibrary(): Promise<SyncLibrary> {
  const library = await loadLibrary();
  return {
    lock: "file",
    sqlBytes: constants.MAX_STRING_LENGTH,
    open: (path, access) => {
      const isFile = path !== ":memory:";
      try {
        return createEngine(
          new library(path, { readonly: access === "read", fileMustExist: isFile, timeout: 0 }),
        );
      } catch (error) {
        throw isMissingBuild(error) ? notInstalled(error) : fromEngineError({ classifyError }, error, path);
      }
    },
  };
}

/** The library cuts spaces off a name and then opens another file. */
function assertOpensByName(path: string): void {
  if (path === path.trim()) return;
  throw new DriverError("cantopen", `cannot open ${quoteForMessage(path)}: the name ends in a space`, {
    reason: "url",
    target: path,
    hint: "rename the file",
  });
}
