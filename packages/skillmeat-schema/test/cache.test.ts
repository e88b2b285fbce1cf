import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  cachePragmas,
  createCacheMigrator,
  downgradeMigration,
  getCurrentRevision,
  getSchemaVersion,
  openCache,
  resetCache,
  runMigrations,
  showCurrentRevision,
  showMigrationHistory,
  vacuumCache,
} from "@skillmeat/schema";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const freshPath = (): string => join(temporaryDirectory(), "deep", "cache", "cache.db");

const insertProject = "INSERT INTO projects (id, name, path) VALUES ('p', 'P', '/p')";

describe("runMigrations", () => {
  test("creates the directories for their owner only, and the database in WAL mode", async () => {
    const path = freshPath();
    await runMigrations(path);
    const mode = (name: string): number => statSync(name).mode & 0o777;
    expect([mode(path), mode(join(path, "..")), mode(join(path, "..", ".."))]).toEqual([0o600, 0o700, 0o700]);
    const database = new Database(path, { readonly: true });
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    database.close();
  });

  test("may be called again and again", async () => {
    const path = freshPath();
    const outcomes = [];
    for (let call = 0; call < 3; call += 1) outcomes.push((await runMigrations({ path })).outcome);
    expect(outcomes).toEqual(["applied", "nothing-to-do", "nothing-to-do"]);
  });

  test("works on an open database and leaves it open", async () => {
    const database = new Database(":memory:");
    onTestFinished(() => {
      database.close();
    });
    expect((await runMigrations({ database })).outcome).toBe("applied");
    expect(database.prepare("SELECT version_num FROM alembic_version").pluck().all()).toEqual([
      "001_initial_schema",
    ]);
  });
});

describe("a path", () => {
  test("may be a file: URL wherever a cache is opened", async () => {
    const path = freshPath();
    const url = `file:${path}`;
    const cache = await openCache(url);
    cache.exec(insertProject);
    cache.close();
    vacuumCache(url);
    const database = new Database(path, { readonly: true });
    expect(database.prepare("SELECT id FROM projects").pluck().all()).toEqual(["p"]);
    database.close();
  });

  test("of a database in memory gives one with the newest schema", async () => {
    const cache = await openCache(":memory:");
    onTestFinished(() => {
      cache.close();
    });
    expect(cache.prepare("SELECT version_num FROM alembic_version").pluck().all()).toEqual([
      "001_initial_schema",
    ]);
  });
});

describe("a cache without its own records", () => {
  test("is reported with a code", async () => {
    const path = freshPath();
    await runMigrations(path);
    const database = new Database(path);
    database.exec("DROP TABLE cache_metadata");
    database.close();
    await expect(getSchemaVersion(path)).rejects.toMatchObject({
      name: "MigrationError",
      code: "SKM_DB_SQL",
    });
  });
});

describe("downgradeMigration", () => {
  test("undoes one revision unless told", async () => {
    const path = freshPath();
    await runMigrations(path);
    expect((await downgradeMigration(path)).steps.map((step) => step.revision)).toEqual([
      "001_initial_schema",
    ]);
    expect(await getCurrentRevision(path)).toBeNull();
  });

  test("takes the revision beside a path too", async () => {
    const path = freshPath();
    await runMigrations(path);
    expect((await downgradeMigration(path, { revision: "base" })).headsAfter).toEqual([]);
  });
});

describe("reading", () => {
  test("creates nothing", async () => {
    const path = freshPath();
    expect([await getCurrentRevision(path), await getSchemaVersion(path)]).toEqual([null, null]);
    expect(await showCurrentRevision({ path, write: () => undefined })).toBe("");
    expect(existsSync(join(path, ".."))).toBe(false);
  });

  test("shows the current revision and the history as text", async () => {
    const path = freshPath();
    await runMigrations(path);
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const current = await showCurrentRevision({ path, write });
    const history = await showMigrationHistory({ path, write });
    expect(written).toEqual([current, history]);
    expect(current).toMatchInlineSnapshot(`
      "Rev: 001_initial_schema (head) (current)
      Parent: <base>

          Create initial cache schema

          The tables of the persistent project cache (projects, artifacts, artifact_metadata, marketplace,
          cache_metadata), 11 indexes and 3 triggers that keep updated_at current.

          Schema version: 1.0.0

          Revision ID: 001_initial_schema
          Revises:
          Create Date: 2025-12-01T15:00:00Z

      "
    `);
  });
});

describe("openCache", () => {
  test("applies the profile and reports each setting", async () => {
    const reports: unknown[] = [];
    const database = await openCache({ path: freshPath(), onPragmas: (report) => reports.push(...report) });
    onTestFinished(() => {
      database.close();
    });
    expect(reports).toEqual(
      Object.entries(cachePragmas).map(([name, wanted]) => ({ name, wanted, got: wanted, applied: true })),
    );
    const got = Object.keys(cachePragmas).map((name) => [name, database.pragma(name, { simple: true })]);
    expect(Object.fromEntries(got)).toEqual(cachePragmas);
  });

  test("enforces foreign keys for the application", async () => {
    const database = await openCache(freshPath());
    onTestFinished(() => {
      database.close();
    });
    const orphan = "INSERT INTO artifacts (id, project_id, name, type) VALUES ('a', 'nowhere', 'A', 'skill')";
    expect(() => database.exec(orphan)).toThrow("FOREIGN KEY constraint failed");
  });
});

describe("maintenance", () => {
  test("reads the schema version", async () => {
    const path = freshPath();
    await runMigrations(path);
    expect(await getSchemaVersion(path)).toBe("1.0.0");
  });

  test("resets the cache to empty tables", async () => {
    const path = freshPath();
    const database = await openCache(path);
    database.exec(insertProject);
    database.close();
    expect((await resetCache(path)).headsAfter).toEqual(["001_initial_schema"]);
    const again = await openCache(path);
    expect(again.prepare("SELECT count(*) FROM projects").pluck().get()).toBe(0);
    again.close();
  });

  test("vacuums without losing a row", async () => {
    const path = freshPath();
    const database = await openCache(path);
    database.exec(insertProject);
    database.close();
    vacuumCache(path);
    const again = await openCache(path);
    expect(again.prepare("SELECT id FROM projects").pluck().all()).toEqual(["p"]);
    again.close();
  });
});

test("a migrator for the cache refuses a database of another application", async () => {
  const path = join(temporaryDirectory(), "other.db");
  const database = new Database(path);
  database.exec("PRAGMA application_id = 12345; CREATE TABLE x (y)");
  database.close();
  const migrator = createCacheMigrator({ path });
  onTestFinished(async () => {
    await migrator.close();
  });
  await expect(migrator.upgrade()).rejects.toMatchObject({ code: "SKM_DB_WRONG_APP", exitCode: 9 });
});
