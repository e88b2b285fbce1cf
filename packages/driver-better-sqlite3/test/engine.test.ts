import { execFileSync } from "node:child_process";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, expectTypeOf, test } from "vitest";
import { assertRuntime } from "../src/assert-runtime.ts";
import { classifyError } from "../src/engine.ts";
import { betterSqlite3, type BetterSqlite3Database } from "../src/index.ts";

test("the published types of the library fit", () => {
  expectTypeOf<Database.Database>().toExtend<BetterSqlite3Database>();
});

/** Errors as this version of the library makes them. */
const provoked: readonly (readonly [
  name: string,
  act: (database: Database.Database) => unknown,
  facts: object,
])[] = [
  ["no statement", (database) => database.prepare("--"), { kind: "sql" }],
  [
    "two statements",
    (database) => database.prepare("SELECT 1; SELECT 2"),
    { kind: "sql", reason: "several-statements" },
  ],
  [
    "too few values",
    (database) => database.prepare("SELECT ?").all(),
    { kind: "value", reason: "parameters" },
  ],
  [
    "too many values",
    (database) => database.prepare("SELECT ?").all(1, 2),
    { kind: "value", reason: "parameters" },
  ],
  [
    "a named parameter",
    (database) => database.prepare("SELECT :a").all({}),
    { kind: "value", reason: "parameters" },
  ],
  ["a closed database", (database) => database.close().prepare("SELECT 1"), { kind: "closed" }],
  [
    "a busy database",
    (database) => {
      for (const _ of database.prepare("SELECT 1").iterate()) database.exec("CREATE TABLE t (a)");
    },
    { kind: "busy" },
  ],
  ["a syntax error", (database) => database.prepare("SELEC"), { kind: "sql", engineCode: "SQLITE_ERROR" }],
  [
    "an extended code",
    (database) => database.exec("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1), (1)"),
    { kind: "constraint", engineCode: "SQLITE_CONSTRAINT_UNIQUE" },
  ],
];

test.each(provoked)("%s is understood", (_, act, facts) => {
  const database = new Database(":memory:");
  let error: unknown;
  try {
    act(database);
  } catch (thrown) {
    error = thrown;
  }
  database.close();
  expect(classifyError(error)).toEqual(facts);
});

test("a code without a name is understood by its number", () => {
  expect(classifyError(new Database.SqliteError("x", "UNKNOWN_SQLITE_ERROR_8970"))).toMatchObject({
    kind: "io",
  });
});

test.each([new TypeError("x is not a function"), new Error("ENOENT"), "text", null])(
  "%o is not the library's",
  (error) => {
    expect(classifyError(error)).toBeUndefined();
  },
);

test.each(["22.0.0", "22.18.0", "24.21.0", "100.0.0"])("Node.js %s will do", (version) => {
  assertRuntime(version);
});

test.each(["20.20.2", "18.0.0", "4.0.0"])("Node.js %s is too old", (version) => {
  expect(() => assertRuntime(version)).toThrow(
    expect.objectContaining({
      kind: "unsupported",
      reason: "runtime",
      message: expect.stringContaining(version) as string,
    }) as Error,
  );
});

test("a call without a database is wrong", () => {
  for (const options of [{}, { path: 5 }, { journalMode: "wal" }]) {
    expect(() => betterSqlite3(options as { path: string })).toThrow(TypeError);
  }
});

/** Connects in a process where something is wrong with its Node.js or its packages. */
function connectWhere(setup: string): unknown {
  const script = `
    import { registerHooks } from "node:module";
    const refuse = (act) => registerHooks({
      resolve: (name, context, next) => (name === "better-sqlite3" ? act() : next(name, context)),
    });
    ${setup}
    const { betterSqlite3 } = await import("./src/index.ts");
    const error = await betterSqlite3(":memory:").connect().catch((thrown) => thrown);
    console.log(JSON.stringify({ kind: error.kind, reason: error.reason, hint: error.hint }));
  `;
  const output = execFileSync(
    process.execPath,
    ["--conditions=source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
    { cwd: join(import.meta.dirname, "..") },
  );
  return JSON.parse(output.toString());
}

test("a library that is not installed is named, with the command that installs it", () => {
  const missing =
    'refuse(() => { throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }); });';
  expect(connectWhere(missing)).toEqual({
    kind: "unsupported",
    reason: "not-installed",
    hint: "install it beside this driver: npm install better-sqlite3",
  });
});

test("an old Node.js is refused before the library is loaded, which would end the process", () => {
  const old =
    'Object.defineProperty(process.versions, "node", { value: "20.20.2" }); refuse(() => process.exit(99));';
  expect(connectWhere(old)).toMatchObject({ kind: "unsupported", reason: "runtime" });
});
