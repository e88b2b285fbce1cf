import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { downgradeMigration, runMigrations } from "@skillmeat/schema";
import { describeSchema } from "./support/describe-schema.ts";
import { copyAlembicCache } from "./support/fixture.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const freshPath = (): string => join(temporaryDirectory(), "cache.db");

test("the schema equals that of Python's Alembic, object for object", async () => {
  const path = freshPath();
  await runMigrations(path);
  expect(describeSchema(path)).toEqual(describeSchema(copyAlembicCache("alembic-created-cache.db")));
});

test("there are 5 tables and the version table, 11 indexes of their own, 7 automatic ones and 3 triggers", async () => {
  const path = freshPath();
  await runMigrations(path);
  const { objects } = describeSchema(path);
  const count = (type: string, automatic: boolean) =>
    objects.filter((object) => object.type === type && object.name.startsWith("sqlite_") === automatic)
      .length;
  expect([
    count("table", false),
    count("index", false),
    count("index", true),
    count("trigger", false),
  ]).toEqual([6, 11, 7, 3]);
});

test("an update touches updated_at of its own row", async () => {
  const path = freshPath();
  await runMigrations(path);
  const database = new Database(path);
  database.exec(`INSERT INTO projects (id, name, path, updated_at) VALUES ('a', 'A', '/a', '2000-01-01'), ('b', 'B', '/b', '2000-01-01');
    INSERT INTO artifacts (id, project_id, name, type, updated_at) VALUES ('x', 'a', 'X', 'skill', '2000-01-01');
    UPDATE cache_metadata SET updated_at = '2000-01-01';
    UPDATE projects SET name = 'AA' WHERE id = 'a'; UPDATE artifacts SET name = 'XX'; UPDATE cache_metadata SET value = '1.0.0'`);
  const touched = database.prepare<[], { id: string }>(
    `SELECT id FROM projects WHERE updated_at > '2000-01-01' UNION ALL SELECT id FROM artifacts WHERE updated_at > '2000-01-01'
     UNION ALL SELECT key FROM cache_metadata WHERE updated_at > '2000-01-01' ORDER BY id`,
  );
  expect(touched.all().map((row) => row.id)).toEqual(["a", "schema_version", "x"]);
  database.close();
});

test("a downgrade to base leaves nothing but the version table, and an upgrade brings all back", async () => {
  const path = freshPath();
  await runMigrations(path);
  const before = describeSchema(path);
  await downgradeMigration({ path, revision: "base" });
  expect(describeSchema(path).objects.map((object) => object.name)).toEqual([
    "sqlite_autoindex_alembic_version_1",
    "alembic_version",
  ]);
  await runMigrations(path);
  expect(describeSchema(path)).toEqual(before);
});
