import { cpSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { bundleDirectory } from "../support/bundle-cli.ts";
import { runChild } from "../support/run-child.ts";
import { runInProcess } from "../support/run-in-process.ts";
import { temporaryDirectories } from "../support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

const ownSqlite = `SQLite ${process.versions["sqlite"]}`;

async function upgrade(...options: readonly string[]): Promise<string> {
  const outcome = await runInProcess(["upgrade", "-v", "--url", "app.db", ...options], {
    cwd: temporaryDirectory(),
  });
  expect(outcome.exit).toBe(0);
  return outcome.stderr;
}

describe("a file is opened with", () => {
  test("better-sqlite3 where it is installed", async () => {
    expect(await upgrade()).toMatch(/^driver: better-sqlite3 with SQLite 3\.\d+\.\d+$/m);
  });

  test("the SQLite of Node.js where that is asked for", async () => {
    expect(await upgrade("--driver", "node-sqlite")).toContain(`driver: node-sqlite with ${ownSqlite}\n`);
  });

  test("either of them, whichever wrote it", async () => {
    const cwd = temporaryDirectory();
    for (const driver of ["node-sqlite", "better-sqlite3", "node-sqlite"]) {
      const run = await runInProcess(["upgrade", "--url", "app.db", "--driver", driver], { cwd });
      expect(run).toMatchObject({ exit: 0 });
    }
  });

  describe("no better-sqlite3 at hand,", () => {
    const cwd = temporaryDirectory();
    // Nothing above this directory has a node_modules with the package.
    cpSync(bundleDirectory, join(cwd, "program"), { recursive: true });
    const command = [process.execPath, "--no-warnings", join(cwd, "program", "bin.js")];

    test("the SQLite of Node.js, and the reason is said", async () => {
      const run = await runChild(["upgrade", "-v"], { cwd, command });
      expect(run.stderr).toContain(
        `driver: node-sqlite with ${ownSqlite}; cannot load the package "better-sqlite3": `,
      );
      expect(run.exit).toBe(0);
      expect(await runChild(["check"], { cwd, command })).toMatchObject({ exit: 0 });
    });

    test("nothing when better-sqlite3 is asked for", async () => {
      const run = await runChild(["upgrade", "--driver", "better-sqlite3"], { cwd, command });
      expect(run.stderr).toContain("error SKM_DRIVER_MISSING: ");
      expect(run.exit).toBe(2);
    });
  });
});
