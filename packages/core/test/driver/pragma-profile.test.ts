import { expect, test } from "vitest";
import { applyPragmas, DriverError, type Executor, type PragmaProfile } from "@skillmeat/migrate-core/driver";
import { betterSqlite3 } from "../../../driver-better-sqlite3/src/index.ts";

async function apply(profile: PragmaProfile) {
  const connection = await betterSqlite3(":memory:").connect();
  try {
    return await applyPragmas(connection, profile);
  } finally {
    await connection.close();
  }
}

test.each<[string, string | number, unknown]>([
  ["synchronous", "NORMAL", 1],
  ["synchronous", "extra", 3],
  ["synchronous", 2, 2],
  ["foreign_keys", "OFF", 0],
  ["foreign_keys", "yes", 1],
  ["temp_store", "MEMORY", 2],
  ["auto_vacuum", "INCREMENTAL", 2],
  ["secure_delete", "FAST", 2],
  ["cache_size", -8000, -8000],
  ["journal_mode", "MEMORY", "memory"],
  ["user_version", 12, 12],
])("PRAGMA %s = %s is applied and reads back as %s", async (name, wanted, got) => {
  expect(await apply({ [name]: wanted })).toEqual([{ name, wanted, got, applied: true }]);
});

test.each<[string, string | number, unknown]>([
  ["journal_mode", "WAL", "memory"],
  ["no_such_pragma", 1, null],
  ["page_count", 7, 1],
])("PRAGMA %s = %s is reported as not applied, with %s", async (name, wanted, got) => {
  const [report] = await apply({ user_version: 1, [name]: wanted }).then((all) => all.slice(1));
  expect(report).toEqual({ name, wanted, got, applied: false });
});

test("the order of the profile is kept", async () => {
  const report = await apply({ user_version: 2, cache_size: 10, synchronous: "OFF" });
  expect(report.map(({ name }) => name)).toEqual(["user_version", "cache_size", "synchronous"]);
});

test.each<[string, unknown]>([
  ["foreign_keys; DROP TABLE t", 1],
  ["", 1],
  ["cache_size", "1; SELECT 1"],
  ["cache_size", 1.5],
  ["cache_size", null],
])("PRAGMA %j = %j is a wrong call", async (name, value) => {
  await expect(apply({ [name]: value as string })).rejects.toThrow(TypeError);
});

test("an engine that refuses a PRAGMA is reported, an engine that fails is not hidden", async () => {
  const answering = (kind: "sql" | "readonly" | "io"): Executor => ({
    query: async () => await Promise.reject(new DriverError(kind, "no")),
  });
  for (const kind of ["sql", "readonly"] as const) {
    expect(await applyPragmas(answering(kind), { cache_size: 1 })).toMatchObject([
      { got: null, applied: false },
    ]);
  }
  await expect(applyPragmas(answering("io"), { cache_size: 1 })).rejects.toMatchObject({ kind: "io" });
});
