import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyDatabase, type MigrationError, type Operations } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { libsql } from "../../../driver-libsql/src/index.ts";
import { describeWithSqld, startSqld } from "../../../../tools/src/sqld/sqld-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { findDamage, readChainSchema, readContents } from "./chain-state.ts";
import {
  catalog,
  catalogOfTheProgram,
  changedColumns,
  expectedSchemas,
  first,
  notRestored,
  steps,
} from "./expected-chain.ts";
import { inspect, openChain } from "./open-chain.ts";
import { populate } from "./populate.ts";
import { revisions } from "./revisions.ts";

describeWithSqld("SkillMeat's 65 revisions on a libSQL server", () => {
  test("all at once, up and down, keep the rows of a populated cache", { timeout: 180_000 }, async () => {
    const directory = temporaryDirectory();
    const local = join(directory, "local.db");
    await openChain(local, (path) => betterSqlite3({ path })).upgrade(first);
    const before = inspect(local, (database) => {
      database.exec(catalogOfTheProgram());
      populate(database, { [catalog]: 300, ...steps[1]?.rows });
      return { schema: readChainSchema(database), contents: readContents(database) };
    });

    const server = await startSqld();
    onTestFinished(async () => {
      await server.dispose();
    });
    const namespace = await server.createNamespace();
    const remote = () => libsql({ url: `http://${server.host}`, namespace });
    await copyDatabase({ from: betterSqlite3({ path: local }), to: { kind: "database", driver: remote() } });
    const look = (name: string) => {
      const path = join(directory, name);
      server.copyFile(namespace, path);
      return inspect(path, (database) => ({
        damage: findDamage(database),
        schema: readChainSchema(database),
        contents: readContents(database),
      }));
    };
    const migrator = openChain(local, remote);

    await migrator.upgrade();
    const up = look("up.db");
    expect(up.damage).toEqual([]);
    expect(up.schema).toEqual(expectedSchemas.at(-1));
    expect(changedColumns(before.contents, up.contents)).toEqual(notRestored);

    await migrator.downgrade(first);
    const down = look("down.db");
    expect(down.damage).toEqual([]);
    expect(down.schema).toEqual(before.schema);
    expect(changedColumns(before.contents, down.contents)).toEqual(notRestored);

    const next = {
      revision: "next",
      downRevision: first,
      upgrade: (op: Operations) => op.execute("DROP TABLE artifacts"),
    };
    const error: MigrationError = await openChain(local, remote, [...revisions.slice(0, 1), next])
      .upgrade()
      .then(
        () => expect.unreachable("it should have failed"),
        (reason: MigrationError) => reason,
      );
    expect(error.code).toBe("SKM_CASCADE");
    expect(changedColumns(down.contents, look("after.db").contents)).toEqual([]);
  });
});
