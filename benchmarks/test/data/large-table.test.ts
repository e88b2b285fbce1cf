import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/data/engine.ts";
import { writeLargeTable } from "../../src/data/large-table.ts";

test.each(["index", "unique"] as const)("a large table has its rows and 3 indexes of the kind %s", (kind) => {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "large.db");
  writeLargeTable(path, kind, 1000);
  const database = openDatabase(path);
  expect(
    database
      .prepare(
        "SELECT (SELECT count(*) FROM t) AS row_count, (SELECT count(*) FROM pragma_index_list('t')) AS index_count",
      )
      .get(),
  ).toEqual({ row_count: 1000, index_count: 3 });
  database.close();
});
