import type { Database } from "better-sqlite3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMigrator,
  renderOperations,
  type Migrator,
  type Operation,
  type Revision,
} from "@skillmeat/migrate-core";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";
import { runSource } from "../support/run-source.ts";
import { contentsOf, createDatabase, expectedContents, fill, rowsArbitrary } from "./random-rows.ts";
import { schemaArbitrary, type RandomSchema } from "./schema-arbitrary.ts";
import { shapeOf } from "./schema-shape.ts";

async function withMigrator<T>(
  database: Database,
  target: RandomSchema,
  task: (migrator: Migrator) => Promise<T>,
  revisions: readonly Revision[] = [],
): Promise<T> {
  const schema = { sql: target.statements.join(";\n") };
  const migrator = createMigrator({ driver: betterSqlite3({ database }), revisions, schema });
  try {
    return await task(migrator);
  } finally {
    await migrator.close();
  }
}

/** Both directions, as they are written. */
function revisionOf(upgrade: readonly Operation[], downgrade: readonly Operation[] = []): Revision {
  const [there, back] = [renderOperations(upgrade), renderOperations(downgrade)];
  return {
    revision: "generated",
    downRevision: null,
    upgrade: (op) => {
      runSource(op, there);
    },
    downgrade: (op) => {
      runSource(op, back);
    },
  };
}

function shapeOfNew(schema: RandomSchema): unknown {
  const database = createDatabase(schema);
  try {
    return shapeOf(database);
  } finally {
    database.close();
  }
}

const outcomes = { applied: 0, refused: 0 };

async function judge(
  before: RandomSchema,
  after: RandomSchema,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const database = createDatabase(before);
  try {
    fill(database, before, rows);
    const found = await withMigrator(
      database,
      after,
      async (migrator) => await migrator.diff({ from: "database" }),
    );
    const expected = expectedContents(database, before, after);
    const old = [shapeOf(database), contentsOf(database, before)];
    await withMigrator(
      database,
      after,
      async (migrator) => {
        if (expected === undefined) {
          await expect(migrator.upgrade()).rejects.toMatchObject({ exitCode: 7 });
          expect([shapeOf(database), contentsOf(database, before)]).toEqual(old);
          outcomes.refused += 1;
          return;
        }
        await migrator.upgrade();
        expect(shapeOf(database)).toEqual(shapeOfNew(after));
        expect(contentsOf(database, after)).toEqual(expected);
        expect((await migrator.diff({ from: "database" })).differences).toEqual([]);
        outcomes.applied += 1;
      },
      [revisionOf(found.operations)],
    );
  } finally {
    database.close();
  }
}

test("any schema becomes any other, with the rows that it accepts", { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(schemaArbitrary, schemaArbitrary, rowsArbitrary, judge);
  await fc.assert(property, { numRuns: 2_000 });
  expect(outcomes.applied).toBeGreaterThan(outcomes.refused);
});

test("a generated revision leads there and back", { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(schemaArbitrary, schemaArbitrary, async (before, after) => {
    const database = createDatabase(before);
    const generated = await withMigrator(
      database,
      after,
      async (migrator) => await migrator.autogenerate({ from: "database", drops: "all" }),
    );
    await withMigrator(
      database,
      after,
      async (migrator) => {
        await migrator.upgrade();
        expect(shapeOf(database)).toEqual(shapeOfNew(after));
        await migrator.downgrade("base");
        expect(shapeOf(database)).toEqual(shapeOfNew(before));
      },
      [revisionOf(generated.upgrade, generated.downgrade)],
    );
    database.close();
  });
  await fc.assert(property, { numRuns: 150 });
});
