import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { firstFence } from "../../../../tools/src/markdown-fences.ts";
import { execute, readRows } from "../support/temporary-database.ts";

test("the program of docs/copy.md copies and prints the tables", async () => {
  // Inside the package, where its dependencies are found.
  const cache = join(import.meta.dirname, "..", "..", "node_modules");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "docs-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  execute(join(directory, "app.db"), "CREATE TABLE notes (text); INSERT INTO notes VALUES ('kept')");
  const page = readFileSync(new URL("../../../../docs/copy.md", import.meta.url), "utf8");
  writeFileSync(join(directory, "package.json"), '{"type":"module"}');
  writeFileSync(
    join(directory, "copy.js"),
    firstFence(page, "ts")
      .replace("@skillmeat/migrate-core", "../../src/index.ts")
      .replace("@skillmeat/migrate-driver-better-sqlite3", "../../../driver-better-sqlite3/src/index.ts")
      .replace("/srv/copies/app.db", join(directory, "copied.db")),
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=source", "--disable-warning=ExperimentalWarning", "copy.js"],
    { cwd: directory },
  );
  expect(stdout).toBe("[ { name: 'notes', rows: 1 } ]\n");
  expect(readRows(join(directory, "copied.db"), "SELECT text FROM notes")).toEqual([["kept"]]);
});
