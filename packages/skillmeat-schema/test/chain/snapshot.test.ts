import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  createMigrator,
  type Migrator,
  type MigratorOptions,
  type SnapshotOption,
} from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { libsql } from "../../../driver-libsql/src/index.ts";
import { describeWithSqld, startSqld } from "../../../../tools/src/sqld/sqld-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { findDamage, readChainSchema, readContents, type Contents } from "./chain-state.ts";
import { drivers, inspect, openChain } from "./open-chain.ts";
import { revisions } from "./revisions.ts";

let snapshot: SnapshotOption;

beforeAll(async () => {
  const migrator = createMigrator({ driver: betterSqlite3(":memory:"), revisions });
  try {
    snapshot = JSON.parse((await migrator.snapshot()).text);
  } finally {
    await migrator.close();
  }
}, 60_000);

function open(options: Pick<MigratorOptions, "driver"> & Partial<MigratorOptions>): Migrator {
  const migrator = createMigrator({ revisions, snapshot, ...options });
  onTestFinished(async () => {
    await migrator.close();
  });
  return migrator;
}

/** What a default of CURRENT_TIMESTAMP has written during the test. */
function withoutClock(contents: Contents): unknown {
  const started = new Date(Date.now() - 120_000).toISOString().replace("T", " ").slice(0, 19);
  return JSON.parse(
    JSON.stringify([...contents], (_, value: unknown) => {
      if (typeof value === "bigint") return String(value);
      return typeof value === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) && value > started
        ? "now"
        : value;
    }),
  );
}

/** Definitions by their texts, and every row. */
const look = (path: string) =>
  inspect(path, (database) => ({
    damage: findDamage(database),
    schema: readChainSchema(database),
    texts: database
      .prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
      )
      .raw()
      .all(),
    contents: withoutClock(readContents(database)),
    versions: database.prepare("SELECT version_num FROM alembic_version").pluck().all(),
  }));

async function replay(path: string): Promise<ReturnType<typeof look>> {
  await openChain(path, (file) => betterSqlite3({ path: file })).upgrade();
  return look(path);
}

describe.each(drivers)("a snapshot of SkillMeat's 65 revisions on %s", (_name, driver) => {
  test("makes what they make, and the way back is open", { timeout: 60_000 }, async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "jump.db");
    const migrator = open({ driver: driver(path) });
    const { steps } = await migrator.upgrade();
    expect(steps).toMatchObject([{ snapshot: { revisions: revisions.length } }]);
    expect(look(path)).toEqual(await replay(join(directory, "replay.db")));
    await migrator.downgrade("-10");
    expect((await migrator.upgrade()).steps).toHaveLength(10);
    expect(look(path).damage).toEqual([]);
  });
});

test("check proves it", { timeout: 60_000 }, async () => {
  const migrator = open({ driver: betterSqlite3(join(temporaryDirectory(), "none.db")) });
  expect((await migrator.check({ checks: ["snapshot"] })).findings).toEqual([]);
});

describeWithSqld("a snapshot of SkillMeat's 65 revisions on a libSQL server", () => {
  test("makes what they make, with one request", { timeout: 120_000 }, async () => {
    const server = await startSqld();
    onTestFinished(async () => {
      await server.dispose();
    });
    const namespace = await server.createNamespace();
    const migrator = open({ driver: libsql({ url: `http://${server.host}`, namespace }) });
    expect((await migrator.upgrade()).steps).toMatchObject([{ snapshot: { revisions: revisions.length } }]);
    const directory = temporaryDirectory();
    server.copyFile(namespace, join(directory, "jump.db"));
    const expected = await replay(join(directory, "replay.db"));
    expect(look(join(directory, "jump.db"))).toEqual(expected);
  });
});
