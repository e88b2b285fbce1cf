import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { MigrationError, type Operations, type Revision } from "@skillmeat/migrate-core";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { findChanges, readContents, type Contents } from "./chain-state.ts";
import { drivers, inspect, openChain, type OpenDriver } from "./open-chain.ts";
import { countAll, populate } from "./populate.ts";
import { readExpectedSteps } from "./recorded-chain.ts";
import { revisions } from "./revisions.ts";

const steps = readExpectedSteps();

/** The chain up to a revision, with rows in every table. */
async function cacheAt(target: string, driver: OpenDriver): Promise<string> {
  const path = join(temporaryDirectory(), "cache.db");
  await openChain(path, driver).upgrade(target);
  const { rows } = steps.at(steps.findIndex(({ revision }) => revision === target) + 1) ?? {};
  inspect(path, (database) => populate(database, rows ?? {}));
  return path;
}

async function failureOf(promise: Promise<unknown>): Promise<MigrationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MigrationError) return error;
  return expect.unreachable(`it should have failed with an error of ours: ${String(error)}`);
}

const contentsOf = (path: string): Contents => inspect(path, readContents);

/** Runs one revision on top of another and tells how it failed; nothing may have changed. */
async function refuse(path: string, driver: OpenDriver, parts: Partial<Revision> & { after: string }) {
  const { after, ...body } = parts;
  const before = contentsOf(path);
  const known = revisions.slice(0, revisions.findIndex(({ revision }) => revision === after) + 1);
  const next: Revision = { revision: "next", downRevision: after, upgrade: () => undefined, ...body };
  const error = await failureOf(openChain(path, driver, [...known, next]).upgrade());
  expect(findChanges(before, contentsOf(path))).toEqual({});
  return error;
}

const beforeSwap = "20251212_1600_create_collections_schema";

/** What the original did to add columns: a copy by hand. */
function swapByHand(op: Operations, drop: string): void {
  op.execute("CREATE TABLE artifacts_backup AS SELECT * FROM artifacts");
  op.execute(drop);
  op.execute("CREATE TABLE artifacts (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, content TEXT)");
  op.execute("INSERT INTO artifacts (id, name) SELECT id, name FROM artifacts_backup");
  op.execute("DROP TABLE artifacts_backup");
}

const drops = [
  "DROP TABLE artifacts",
  "drop table if exists Artifacts",
  'DROP TABLE "artifacts"',
  "DROP /* the old one */ TABLE main.artifacts -- for good",
  "DROP TABLE [artifacts];",
];

describe.each(drivers)("what emptied tables of the original, on %s,", (_name, driver) => {
  test.each(drops)("is refused when rows refer to what it drops: %s", async (drop) => {
    const path = await cacheAt(beforeSwap, driver);
    const error = await refuse(path, driver, { after: beforeSwap, upgrade: (op) => swapByHand(op, drop) });
    expect(error.code).toBe("SKM_CASCADE");
    expect(error.details).toMatchObject({
      endangered: [{ table: "artifact_metadata", action: "cascade", rows: 275 }],
    });
    expect(error.hint).toMatch(/batchAlterTable/u);
  });

  test("is not helped by switching foreign keys off inside the transaction", async () => {
    const path = await cacheAt(beforeSwap, driver);
    const upgrade = (op: Operations): void => op.execute("PRAGMA foreign_keys = OFF");
    const error = await refuse(path, driver, { after: beforeSwap, upgrade });
    expect(error.code).toBe("SKM_SQL_FORBIDDEN");
  });

  test("runs when the loss is named and allowed", async () => {
    const path = await cacheAt(beforeSwap, driver);
    const known = revisions.slice(0, 3);
    const upgrade = (op: Operations): void => {
      op.execute("DROP TABLE artifacts", [], { allowDataLoss: ["artifact_metadata"] });
    };
    await openChain(path, driver, [
      ...known,
      { revision: "next", downRevision: beforeSwap, upgrade },
    ]).upgrade();
    expect(inspect(path, (database) => countAll(database, { artifact_metadata: 0, projects: 0 }))).toEqual({
      artifact_metadata: 0,
      projects: 50,
    });
  });
});

const beforeUuids = "20260218_1100_add_composite_artifact_tables";
const uuids = "20260219_1000_migrate_collection_artifacts_to_uuid";

const broken: readonly (readonly [name: string, break_: (database: Database.Database) => void])[] = [
  ["there are no artifacts at all", (database) => database.exec("DELETE FROM artifacts")],
  [
    "one of them is missing",
    (database) =>
      database.exec(
        "DELETE FROM artifacts WHERE id = (SELECT artifact_id FROM collection_artifacts LIMIT 1)",
      ),
  ],
];

describe.each(drivers)("rows whose artifact cannot be found, on %s,", (_name, driver) => {
  test.each(broken)("are not lost when %s", async (_case, damage) => {
    const path = await cacheAt(beforeUuids, driver);
    inspect(path, (database) => {
      database.pragma("foreign_keys = ON");
      damage(database);
    });
    const before = contentsOf(path);
    const error = await failureOf(openChain(path, driver).upgrade(uuids));
    expect(error.code).toBe("SKM_REQUIREMENT");
    expect(findChanges(before, contentsOf(path))).toEqual({});
  });
});

test("a check that becomes narrower does not lose the rows that it forbids", async () => {
  const [, driver] = drivers[0] ?? expect.unreachable("there is a driver");
  const path = await cacheAt("20260303_1100_add_workflow_to_artifact_type_check", driver);
  inspect(path, (database) => {
    populate(database, { projects: 50, artifacts: 500 });
    database.exec("UPDATE artifacts SET type = 'workflow' WHERE rowid = 7");
  });
  const before = contentsOf(path);
  const error = await failureOf(openChain(path, driver).downgrade("-1"));
  expect(error.code).toBe("SKM_MIGRATION_FAILED");
  expect(error.message).toMatch(/check_artifact_type/u);
  expect(findChanges(before, contentsOf(path))).toEqual({});
});

test("entries without a text to search for can be changed, and are found by their title", async () => {
  const [, driver] = drivers[0] ?? expect.unreachable("there is a driver");
  const path = await cacheAt("20260124_1100_add_search_indexes_to_catalog_entries", driver);
  inspect(path, (database) =>
    populate(database, { marketplace_sources: 20, marketplace_catalog_entries: 300 }),
  );
  await openChain(path, driver).upgrade();
  inspect(path, (database) => {
    database.exec("UPDATE marketplace_catalog_entries SET title = 'zebra' WHERE search_text IS NULL");
    expect(
      database.prepare("SELECT count(*) FROM catalog_fts WHERE catalog_fts MATCH 'zebra'").pluck().get(),
    ).toBe(60);
  });
});

test("deployment sets get the tags whose names they had", async () => {
  const [, driver] = drivers[0] ?? expect.unreachable("there is a driver");
  const path = await cacheAt("20260224_1000_add_deployment_set_tables", driver);
  inspect(path, (database) => {
    populate(database, { tags: 30, deployment_sets: 3 });
    database.exec(`UPDATE deployment_sets SET tags_json = json_array((SELECT name FROM tags WHERE rowid = 4), 'unknown') WHERE rowid = 2;
      UPDATE deployment_sets SET tags_json = 'not JSON' WHERE rowid = 3`);
  });
  await openChain(path, driver).upgrade();
  inspect(path, (database) => {
    const found = database
      .prepare(
        "SELECT s.rowid, t.rowid FROM deployment_set_tags AS d JOIN deployment_sets AS s ON s.id = deployment_set_id JOIN tags AS t ON t.id = tag_id",
      )
      .raw()
      .all();
    expect(found).toEqual([[2, 4]]);
  });
});

describe.each(drivers)("a cache that the original itself had brought so far, on %s,", (_name, driver) => {
  test.each(["004", "046"])(
    "is brought to the end from before revision %s and loses nothing",
    async (number) => {
      const path = join(temporaryDirectory(), "cache.db");
      const file = new URL(`../fixtures/chain/before-${number}.db.gz`, import.meta.url);
      writeFileSync(path, gunzipSync(readFileSync(file)));
      const before = contentsOf(path);
      const triggers = inspect(path, triggersOf);
      await openChain(path, driver).upgrade();
      const wanted = steps.at(-1)?.rows ?? {};
      const kept = Object.fromEntries(Object.entries(wanted).filter(([table]) => before.has(table)));
      inspect(path, (database) => {
        expect(countAll(database, kept)).toEqual(kept);
        expect(triggersOf(database)).toEqual(expect.arrayContaining([...triggers]));
        expect(database.pragma("foreign_key_check")).toEqual([]);
        expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      });
    },
  );
});

const triggersOf = (database: Database.Database): readonly string[] =>
  database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
