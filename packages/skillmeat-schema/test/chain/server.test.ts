import { join } from "node:path";
import { expect, test } from "vitest";
import { copyDatabase, type MigrationError, type Operations } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { describeWithSqld } from "../../../../tools/src/sqld/sqld-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { findDamage, readChainSchema, readContents, type Contents } from "./chain-state.ts";
import {
  catalog,
  catalogOfTheProgram,
  changedColumns,
  expectedSchemas,
  first,
  intended,
  notRestored,
  steps,
} from "./expected-chain.ts";
import { inspect, openChain } from "./open-chain.ts";
import { countAll, populate } from "./populate.ts";
import { revisions } from "./revisions.ts";
import { startServerCache } from "./server-cache.ts";

describeWithSqld("SkillMeat's 65 revisions on a libSQL server", () => {
  test(
    "one by one, up and down, keep every row and object of a populated cache",
    { timeout: 180_000 },
    async () => {
      const cache = await startServerCache();
      const migrator = openChain("", cache.driver);
      const states: { readonly schema: unknown; readonly contents: Contents }[] = [];
      const changes: Record<string, readonly string[]> = {};
      for (const [index, step] of steps.entries()) {
        await migrator.upgrade("+1");
        const contents = cache.look((database) => {
          expect(readChainSchema(database), step.revision).toEqual(expectedSchemas[index]);
          expect(findDamage(database), step.revision).toEqual([]);
          expect(countAll(database, step.rows), step.revision).toEqual(step.rows);
          return readContents(database);
        });
        const changed = changedColumns(states.at(-1)?.contents ?? new Map(), contents);
        if (changed.length > 0) changes[step.revision] = changed;
        if (index === 0) await cache.run([{ sql: catalogOfTheProgram() }]);
        const filled = await cache.populate({ [catalog]: 300, ...steps[index + 1]?.rows });
        states.push(
          cache.look((database) => ({
            schema: index === 0 ? readChainSchema(database) : expectedSchemas[index],
            contents: filled.length === 0 ? contents : readContents(database),
          })),
        );
      }
      expect(changes).toEqual(intended);

      const lost = new Set<string>();
      for (const [index, state] of [...states.entries()].slice(0, -1).toReversed()) {
        await migrator.downgrade("-1");
        const undone = steps[index + 1]?.revision;
        cache.look((database) => {
          expect(readChainSchema(database), undone).toEqual(state.schema);
          expect(findDamage(database), undone).toEqual([]);
          for (const column of changedColumns(state.contents, readContents(database))) lost.add(column);
        });
      }
      expect([...lost].toSorted()).toEqual(notRestored);
    },
  );

  test("all at once, up and down, keep the rows of a populated cache", { timeout: 180_000 }, async () => {
    const local = join(temporaryDirectory(), "local.db");
    await openChain(local, (path) => betterSqlite3({ path })).upgrade(first);
    const before = inspect(local, (database) => {
      database.exec(catalogOfTheProgram());
      populate(database, { [catalog]: 300, ...steps[1]?.rows });
      return { schema: readChainSchema(database), contents: readContents(database) };
    });

    const cache = await startServerCache();
    const to = { kind: "database", driver: cache.driver() } as const;
    await copyDatabase({ from: betterSqlite3({ path: local }), to });
    const look = () =>
      cache.look((database) => ({
        damage: findDamage(database),
        schema: readChainSchema(database),
        contents: readContents(database),
      }));
    const migrator = openChain(local, cache.driver);

    await migrator.upgrade();
    const up = look();
    expect(up.damage).toEqual([]);
    expect(up.schema).toEqual(expectedSchemas.at(-1));
    expect(changedColumns(before.contents, up.contents)).toEqual(notRestored);

    await migrator.downgrade(first);
    const down = look();
    expect(down.damage).toEqual([]);
    expect(down.schema).toEqual(before.schema);
    expect(changedColumns(before.contents, down.contents)).toEqual(notRestored);

    const next = {
      revision: "next",
      downRevision: first,
      upgrade: (op: Operations) => op.execute("DROP TABLE artifacts"),
    };
    const error: MigrationError = await openChain(local, cache.driver, [...revisions.slice(0, 1), next])
      .upgrade()
      .then(
        () => expect.unreachable("it should have failed"),
        (reason: MigrationError) => reason,
      );
    expect(error.code).toBe("SKM_CASCADE");
    expect(changedColumns(down.contents, look().contents)).toEqual([]);
  });
});
