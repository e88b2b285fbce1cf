import { expect, onTestFinished, test } from "vitest";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { temporaryDatabase } from "./support/temporary-database.ts";

test("one process opens a file with one library at a time", async () => {
  const { files, dispose } = temporaryDatabase();
  onTestFinished(dispose);
  const held = await betterSqlite3(files.path).connect();
  const other = nodeSqlite(files.path);
  await expect(other.connect()).rejects.toMatchObject({ kind: "busy", reason: "in-use" });
  await expect(other.connect({ readOnly: true })).rejects.toMatchObject({ kind: "busy", reason: "in-use" });
  const second = await betterSqlite3(files.path).connect();
  await second.close();
  await held.close();
  await (await other.connect()).close();
});

test("a connection that could not be opened holds nothing", async () => {
  const { files, dispose } = temporaryDatabase();
  onTestFinished(dispose);
  await expect(nodeSqlite(files.path).connect({ create: false })).rejects.toMatchObject({
    reason: "missing",
  });
  await (await betterSqlite3(files.path).connect()).close();
});
