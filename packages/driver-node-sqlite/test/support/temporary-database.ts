import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseUnderTest } from "@skillmeat/migrate-core/testkit";
import { nodeSqlite, type NodeSqliteOptions } from "../../src/index.ts";

type Files = NonNullable<DatabaseUnderTest["files"]>;

/** A database of its own in a directory of its own. */
export function temporaryDatabase(
  options: Omit<NodeSqliteOptions, "path" | "url"> = {},
): DatabaseUnderTest & { readonly files: Files } {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-driver-"));
  const path = join(directory, "test.db");
  return {
    driver: nodeSqlite({ ...options, path }),
    files: { directory, path, driverFor: (other) => nodeSqlite({ ...options, url: other }) },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
