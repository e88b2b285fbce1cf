import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMigrator } from "@skillmeat/migrate-core";
import { nodeSqlite3Wasm } from "@skillmeat/migrate-driver-node-sqlite3-wasm";
import { revisions } from "./fixtures/revisions.ts";
import { temporaryDatabase } from "./support/temporary-database.ts";

const script = fileURLToPath(new URL("./fixtures/migrate-and-die.ts", import.meta.url));
const { files, dispose } = temporaryDatabase();
afterAll(dispose);

/** Runs the second revision and kills it before its n-th change to a file. */
function migrateAndDie(path: string, n: number): { readonly isKilled: boolean; readonly calls: number } {
  const args = ["--conditions=source", "--no-warnings", script, path, String(n)];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (signal === null && stdout === "") throw new Error(stderr);
  return { isKilled: signal === "SIGKILL", calls: Number(stdout) };
}

async function readState(path: string): Promise<readonly unknown[]> {
  const connection = await nodeSqlite3Wasm({ path, breakLock: true }).connect();
  try {
    const state: unknown[] = [];
    for (const sql of [
      "SELECT version_num FROM alembic_version",
      "SELECT count(*), sum(p) FROM child",
      "SELECT count(*), sum(id) FROM parent",
      "SELECT group_concat(sql) FROM sqlite_schema WHERE name = 'parent'",
      "PRAGMA integrity_check",
      "SELECT count(*) FROM pragma_foreign_key_check",
    ]) {
      state.push((await connection.query({ sql })).rows[0]);
    }
    return state;
  } finally {
    await connection.close();
  }
}

let total = 0;
let start: readonly unknown[] = [];
let end: readonly unknown[] = [];
const before = join(files.directory, "before.db");
const after = join(files.directory, "after.db");

beforeAll(async () => {
  const migrator = createMigrator({ driver: nodeSqlite3Wasm(before), revisions });
  await migrator.upgrade("001_tables");
  await migrator.close();
  copyFileSync(before, after);
  total = migrateAndDie(after, Number.POSITIVE_INFINITY).calls;
  [start, end] = [await readState(before), await readState(after)];
  expect(end).not.toEqual(start);
});

/** Parts of the run, and changes to files before its end, where it is committed. */
const points: readonly (readonly [title: string, point: (total: number) => number])[] = [
  ["a third", (total) => Math.ceil(total / 3)],
  ["two thirds", (total) => Math.ceil((total * 2) / 3)],
  ...[14, 11, 8, 5, 2].map(
    (left) => [`all but ${left} changes to files`, (total: number) => total - left] as const,
  ),
];

test.each(points)(
  "killed after %s, the database is before or after, and the next run finishes",
  async (_, pointOf) => {
    const point = pointOf(total);
    const path = join(files.directory, `${point}.db`);
    copyFileSync(before, path);
    expect(migrateAndDie(path, point).isKilled).toBe(true);
    expect([start, end]).toContainEqual(await readState(path));
    expect(existsSync(`${path}.lock`)).toBe(false);
    const migrator = createMigrator({ driver: nodeSqlite3Wasm(path), revisions });
    await migrator.upgrade();
    await migrator.close();
    expect(await readState(path)).toEqual(end);
  },
);
