import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";

const driver = { name: "own", connect: async () => await Promise.reject(new Error("not here")) };

describe("a configuration", () => {
  test.each([
    {},
    { url: "app.db" },
    { driver },
    { driver: "libsql", url: "libsql://h", authToken: "t" },
    { revisions: "./revisions" },
    { revisions: ["a", "b"] },
    { revisions: [] },
    { versionTable: "versions", transactionPer: "revision", lockTimeoutMs: 0, foreignKeys: "suspended" },
    { applicationId: 0x3039, journalMode: "wal", allowInsecure: true },
  ])("%j is accepted as it is", (value) => {
    expect(readConfig(value, "/c.ts")).toEqual(value);
  });

  test("may leave keys undefined", () => {
    expect(readConfig({ url: undefined, versionTable: "v" }, "/c.ts")).toEqual({ versionTable: "v" });
  });

  test.each<[value: unknown, problem: string, hint: string | undefined]>([
    [null, "it is null, expected an object or a function", "write `export default defineConfig({ … })`"],
    [
      "x",
      'it is the string "x", expected an object or a function',
      "write `export default defineConfig({ … })`",
    ],
    [[], "it is an array, expected an object or a function", "write `export default defineConfig({ … })`"],
    [
      new Map(),
      "it is an object of another kind, expected an object or a function",
      "write `export default defineConfig({ … })`",
    ],
    [{ versionTabel: "x" }, 'unknown key "versionTabel"', 'did you mean "versionTable"?'],
    [
      { zzzzzz: 1 },
      'unknown key "zzzzzz"',
      "known keys are url, authToken, driver, revisions, versionLocations, schema, compare, recursive, template, fileName, slugLength, postWriteHooks, versionTable, journal, transactionPer, lockTimeoutMs, queue, newer, foreignKeys, applicationId, journalMode, backup, snapshot, allowInsecure",
    ],
    [JSON.parse('{"__proto__":{"a":1}}'), 'the key "__proto__" is forbidden', "leave it out"],
    [{ constructor: 1 }, 'the key "constructor" is forbidden', "leave it out"],
    [
      { lockTimeoutMs: "5s" },
      'lockTimeoutMs is the string "5s", expected an integer from 0 to 86400000',
      undefined,
    ],
    [
      { lockTimeoutMs: -1 },
      "lockTimeoutMs is the number -1, expected an integer from 0 to 86400000",
      undefined,
    ],
    [
      { lockTimeoutMs: 1.5 },
      "lockTimeoutMs is the number 1.5, expected an integer from 0 to 86400000",
      undefined,
    ],
    [{ url: 5 }, "url is the number 5, expected a string", undefined],
    [{ authToken: ["SECRET"] }, "authToken is a object, expected a string", undefined],
    [
      { driver: "mysql" },
      'driver is the string "mysql", expected a driver, or "better-sqlite3" or "node-sqlite" or "node-sqlite3-wasm" or "libsql"',
      undefined,
    ],
    [
      { driver: {} },
      'driver is an object of another kind, expected a driver, or "better-sqlite3" or "node-sqlite" or "node-sqlite3-wasm" or "libsql"',
      undefined,
    ],
    [
      { revisions: [1] },
      "revisions is an array, expected a directory, an array of directories, or an array of revisions",
      undefined,
    ],
    [
      { revisions: " " },
      'revisions is the string " ", expected a directory, an array of directories, or an array of revisions',
      undefined,
    ],
    [
      { transactionPer: "all" },
      'transactionPer is the string "all", expected "run" or "revision"',
      undefined,
    ],
    [{ foreignKeys: true }, 'foreignKeys is the boolean true, expected "enforced" or "suspended"', undefined],
    [
      { applicationId: 2 ** 31 },
      "applicationId is the number 2147483648, expected an integer from 0 to 2147483647",
      undefined,
    ],
    [
      { compare: { exclude: "a" } },
      "compare is an object of another kind, expected an object with include, exclude, compareType, compareDefault",
      undefined,
    ],
    [{ allowInsecure: "yes" }, 'allowInsecure is the string "yes", expected true or false', undefined],
    [
      { driver, url: "x" },
      "it has a url and a driver of its own, which knows its database",
      "leave one of them out",
    ],
  ])("%j is refused", (value, problem, hint) => {
    expect(() => readConfig(value, "/c.ts")).toThrowError(
      expect.objectContaining({
        code: "SKM_CONFIG_SHAPE",
        exitCode: 2,
        message: `the configuration "/c.ts" is not usable: ${problem}`,
        hint,
      }),
    );
  });
});
