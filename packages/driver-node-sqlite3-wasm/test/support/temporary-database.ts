import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseUnderTest } from "@skillmeat/migrate-core/testkit";
import { nodeSqlite3Wasm, type NodeSqlite3WasmOptions } from "../../src/index.ts";

type Files = NonNullable<DatabaseUnderTest["files"]>;

/** A database of its own in a directory of its own. */
export function temporaryDatabase(
  options: Omit<NodeSqlite3WasmOptions, "path" | "url"> = {},
): DatabaseUnderTest & { readonly files: Files } {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-driver-"));
  const path = join(directory, "test.db");
  return {
    driver: nodeSqlite3Wasm({ ...options, path }),
    files: { directory, path, driverFor: (other) => nodeSqlite3Wasm({ ...options, url: other }) },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
