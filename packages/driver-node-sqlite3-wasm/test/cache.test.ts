import { expect, onTestFinished, test } from "vitest";
import { createMigrator } from "@skillmeat/migrate-core";
import type { Driver } from "@skillmeat/migrate-core/driver";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { nodeSqlite3Wasm } from "@skillmeat/migrate-driver-node-sqlite3-wasm";
import { revisions } from "@skillmeat/schema";
import { temporaryDatabase } from "./support/temporary-database.ts";

const everything = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
const versions = "SELECT key, value FROM cache_metadata ORDER BY key";

/** What there is after up, after down, and after up again. */
async function upDownUp(make: (path: string) => Driver): Promise<readonly unknown[]> {
  const { files, dispose } = temporaryDatabase();
  onTestFinished(dispose);
  const driver = make(files.path);
  const migrator = createMigrator({ driver, revisions });
  onTestFinished(async () => await migrator.close());
  const read = async (sql: string): Promise<unknown> => {
    const connection = await driver.connect({ readOnly: true });
    const { rows } = await connection.query({ sql });
    await connection.close();
    return rows;
  };
  await migrator.upgrade();
  const up = [await read(everything), await read(versions)];
  await migrator.downgrade("base");
  const down = await read(everything);
  await migrator.upgrade();
  return [up, down, [await read(everything), await read(versions)]];
}

test("the SkillMeat cache goes up, down and up again with equal results on each local driver", async () => {
  const expected = await upDownUp(betterSqlite3);
  expect(expected[2]).toEqual(expected[0]);
  expect(await upDownUp(nodeSqlite)).toEqual(expected);
  expect(await upDownUp(nodeSqlite3Wasm)).toEqual(expected);
});
