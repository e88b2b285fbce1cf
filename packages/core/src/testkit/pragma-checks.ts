import assert from "node:assert/strict";
import { applyPragmas } from "../driver/pragma-profile.ts";
import type { Check } from "./check.ts";
import { readValue } from "./read-rows.ts";

/** Values that no engine has from the start, so that only setting one makes it true. */
const profile = {
  synchronous: "OFF",
  foreign_keys: "OFF",
  temp_store: "MEMORY",
  cache_size: -4000,
  no_such_pragma: 1,
} as const;

export const pragmaChecks: readonly Check[] = [
  {
    name: "pragmas.apply-or-are-reported",
    run: async (context) => {
      const connection = await context.connect();
      const report = await applyPragmas(connection, profile);
      assert.deepEqual(
        report.map(({ name, wanted }) => [name, wanted]),
        Object.entries(profile),
      );
      const { settablePragmas } = connection.capabilities;
      const applied = report.filter((entry) => entry.applied).map(({ name }) => name);
      assert.deepEqual(
        applied,
        Object.keys(profile).filter((name) => settablePragmas.includes(name)),
      );
      assert.equal(report.find(({ name }) => name === "no_such_pragma")?.got, null);
    },
  },
  {
    name: "pragmas.setting-foreign-keys-off-does-not-reach-a-unit",
    run: async (context) => {
      const connection = await context.connect();
      await applyPragmas(connection, { foreign_keys: "OFF" });
      const [inside] = await connection.unit([{ sql: "PRAGMA foreign_keys" }]);
      assert.deepEqual(inside?.rows, [[1]]);
      assert.equal(await readValue(connection, "PRAGMA foreign_keys"), 0);
    },
  },
];
