import { cpSync, existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { bundleDirectory } from "../support/bundle-cli.ts";
import { readColumn } from "../support/database-file.ts";
import { runChild, sourceCommand } from "../support/run-child.ts";
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

  test("SQLite as WebAssembly where that is asked for", async () => {
    expect(await upgrade("--driver", "node-sqlite3-wasm")).toMatch(
      /^driver: node-sqlite3-wasm with SQLite 3\.\d+\.\d+$/m,
    );
  });

  test("any of them, whichever wrote it", async () => {
    const cwd = temporaryDirectory();
    for (const driver of ["node-sqlite", "better-sqlite3", "node-sqlite3-wasm", "node-sqlite"]) {
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

test("the cache is made without native code, then without a write-ahead log", async () => {
  const cwd = temporaryDirectory();
  const argv = ["upgrade", "--driver", "node-sqlite3-wasm"];
  expect(await runChild(argv, { cwd, command: sourceCommand })).toMatchObject({ exit: 0 });
  const [mode] = readColumn(join(cwd, ".skillmeat", "cache", "cache.db"), "PRAGMA journal_mode");
  expect(mode).toBe("delete");
});

describe("a lock directory that was left behind", () => {
  const stale = (): string => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "app.db"), "");
    mkdirSync(join(cwd, "app.db.lock"));
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(join(cwd, "app.db.lock"), hourAgo, hourAgo);
    return cwd;
  };

  test.each(["better-sqlite3", "node-sqlite", "node-sqlite3-wasm", "libsql"])(
    "stops %s until --break-lock",
    async (driver) => {
      const cwd = stale();
      const options = ["--url", "app.db", "--driver", driver, "--lock-timeout", "10ms"];
      const refused = await runInProcess(["upgrade", ...options], { cwd });
      expect(refused.exit).toBe(6);
      expect(refused.stderr).toMatch(/^error SKM_LOCK_STALE: .* 36\d\d seconds old, of an unknown process$/m);
      expect(refused.stderr).toContain("--break-lock");
      expect(existsSync(join(cwd, "app.db.lock"))).toBe(true);
      expect(await runInProcess(["upgrade", "--break-lock", ...options], { cwd })).toMatchObject({ exit: 0 });
      expect(existsSync(join(cwd, "app.db.lock"))).toBe(false);
    },
  );

  test("stays where a plan is only shown", async () => {
    const cwd = stale();
    const argv = ["upgrade", "--dry-run", "--break-lock", "--url", "app.db"];
    expect(await runInProcess(argv, { cwd })).toMatchObject({ exit: 6 });
    expect(existsSync(join(cwd, "app.db.lock"))).toBe(true);
  });

  test.each([
    ["a server", ["--url", "http://localhost:1"]],
    ["a driver of one's own", []],
  ])("is no matter of %s", async (_, options) => {
    const cwd = temporaryDirectory();
    if (options.length === 0) {
      writeFileSync(
        join(cwd, "skillmeat-migrate.config.mjs"),
        "export default { driver: { name: 'own', connect() {} }, revisions: [] };",
      );
    }
    const run = await runInProcess(["upgrade", "--break-lock", ...options], { cwd });
    expect(run.stderr).toContain("error SKM_USAGE: --break-lock does not fit: ");
    expect(run.exit).toBe(2);
  });
});
