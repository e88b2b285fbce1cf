import { expect, test } from "vitest";
import { factsOfResultCode, factsOfResultName } from "@skillmeat/migrate-core/driver";

test.each([
  ["SQLITE_BUSY", 5, "busy"],
  ["SQLITE_BUSY_SNAPSHOT", 517, "busy"],
  ["SQLITE_LOCKED", 6, "busy"],
  ["SQLITE_CONSTRAINT_FOREIGNKEY", 787, "constraint"],
  ["SQLITE_MISMATCH", 20, "constraint"],
  ["SQLITE_ERROR", 1, "sql"],
  ["SQLITE_READONLY", 8, "readonly"],
  ["SQLITE_IOERR_FSYNC", 1034, "io"],
  ["SQLITE_CORRUPT_VTAB", 267, "corrupt"],
  ["SQLITE_FULL", 13, "full"],
  ["SQLITE_CANTOPEN", 14, "cantopen"],
  ["SQLITE_TOOBIG", 18, "value"],
  ["SQLITE_AUTH", 23, "unsupported"],
  ["SQLITE_NOTADB", 26, "notadb"],
  ["SQLITE_INTERRUPT", 9, "timeout"],
  ["SQLITE_PROTOCOL", 15, "busy"],
] as const)("%s, number %i, is of kind %s", (name, code, kind) => {
  expect(factsOfResultName(name)).toMatchObject({ kind, engineCode: name });
  expect(factsOfResultCode(code)?.kind).toBe(kind);
});

test("a code that says more than its kind has a reason or a hint", () => {
  expect(factsOfResultName("SQLITE_CANTOPEN_ISDIR")?.reason).toBe("directory");
  expect(factsOfResultName("SQLITE_READONLY_DBMOVED")?.reason).toBe("replaced");
  expect(factsOfResultName("SQLITE_READONLY_ROLLBACK")?.hint).toMatch(/crashed/);
  expect(factsOfResultCode(776)).toEqual(factsOfResultName("SQLITE_READONLY_ROLLBACK"));
});

test.each(["SQLITE_NONSENSE", "SQLITE_BUSYBODY", "ENOENT", ""])("%j is no result code", (name) => {
  expect(factsOfResultName(name)).toBeUndefined();
});

test.each([0, 100, 101, 200])("number %i is no error", (code) => {
  expect(factsOfResultCode(code)).toBeUndefined();
});
