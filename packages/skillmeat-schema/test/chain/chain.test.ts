import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
import { drivers, inspect, openChain } from "./open-chain.ts";
import { countAll, populate } from "./populate.ts";

interface State {
  readonly contents: Contents;
  readonly schema: unknown;
}

describe.each(drivers)("SkillMeat's 65 revisions on %s", (_name, driver) => {
  test("one by one, up and down, keep every row and object of a populated cache", async () => {
    const path = join(temporaryDirectory(), "cache.db");
    const migrator = openChain(path, driver);
    const states: State[] = [];
    const changes: Record<string, readonly string[]> = {};
    for (const [index, step] of steps.entries()) {
      await migrator.upgrade("+1");
      inspect(path, (database) => {
        expect(readChainSchema(database), step.revision).toEqual(expectedSchemas[index]);
        expect(findDamage(database), step.revision).toEqual([]);
        expect(countAll(database, step.rows), step.revision).toEqual(step.rows);
        const contents = readContents(database);
        const changed = changedColumns(states.at(-1)?.contents ?? new Map(), contents);
        if (changed.length > 0) changes[step.revision] = changed;
        if (index === 0) database.exec(catalogOfTheProgram());
        const filled = populate(database, { [catalog]: 300, ...steps[index + 1]?.rows });
        const schema = index === 0 ? readChainSchema(database) : expectedSchemas[index];
        states.push({ schema, contents: filled.length === 0 ? contents : readContents(database) });
      });
    }
    expect(changes).toEqual(intended);

    const lost = new Set<string>();
    for (const [index, state] of [...states.entries()].slice(0, -1).toReversed()) {
      await migrator.downgrade("-1");
      const undone = steps[index + 1]?.revision;
      inspect(path, (database) => {
        expect(readChainSchema(database), undone).toEqual(state.schema);
        expect(findDamage(database), undone).toEqual([]);
        for (const column of changedColumns(state.contents, readContents(database))) lost.add(column);
      });
    }
    expect([...lost].toSorted()).toEqual(notRestored);
  }, 120_000);

  test("all at once, up and down, keep the rows of the first five tables", async () => {
    const path = join(temporaryDirectory(), "cache.db");
    const migrator = openChain(path, driver);
    await migrator.upgrade(first);
    const before = inspect(path, (database): State => {
      database.exec(catalogOfTheProgram());
      populate(database, { [catalog]: 300, ...steps[1]?.rows });
      return { schema: readChainSchema(database), contents: readContents(database) };
    });
    await migrator.upgrade();
    const after = inspect(path, (database): State => {
      expect(findDamage(database)).toEqual([]);
      return { schema: readChainSchema(database), contents: readContents(database) };
    });
    expect(after.schema).toEqual(expectedSchemas.at(-1));
    expect(changedColumns(before.contents, after.contents)).toEqual(notRestored);
    await migrator.downgrade(first);
    inspect(path, (database) => {
      expect(readChainSchema(database)).toEqual(before.schema);
      expect(findDamage(database)).toEqual([]);
      expect(changedColumns(before.contents, readContents(database))).toEqual(notRestored);
    });
  });

  test("in an empty file reach the last schema, and leave nothing when they are undone", async () => {
    const path = join(temporaryDirectory(), "cache.db");
    const migrator = openChain(path, driver);
    await migrator.upgrade();
    inspect(path, (database) => {
      expect(readChainSchema(database)).toEqual(expectedSchemas.at(-1));
    });
    await migrator.downgrade("base");
    inspect(path, (database) => {
      expect(readChainSchema(database)).toEqual([]);
    });
  });
});
