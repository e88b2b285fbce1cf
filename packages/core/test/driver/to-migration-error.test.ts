import { expect, test } from "vitest";
import { errorCodes, MigrationError } from "@skillmeat/migrate-core";
import {
  DriverError,
  toMigrationError,
  type DriverErrorKind,
  type DriverErrorReason,
} from "@skillmeat/migrate-core/driver";

const ofKind: Readonly<Record<DriverErrorKind, [code: string, exitCode: number]>> = {
  busy: ["SKM_BUSY", 6],
  constraint: ["SKM_DB_SQL", 5],
  sql: ["SKM_DB_SQL", 5],
  readonly: ["SKM_DB_READONLY", 5],
  cantopen: ["SKM_DB_OPEN", 5],
  notadb: ["SKM_DB_NOT_A_DB", 5],
  corrupt: ["SKM_DB_CORRUPT", 5],
  full: ["SKM_DISK_FULL", 7],
  io: ["SKM_DB_IO", 7],
  auth: ["SKM_REMOTE_AUTH", 10],
  network: ["SKM_REMOTE_NETWORK", 10],
  timeout: ["SKM_REMOTE_TIMEOUT", 10],
  unsupported: ["SKM_UNSUPPORTED", 9],
  closed: ["SKM_CLOSED", 5],
  value: ["SKM_VALUE", 7],
};

const ofReason: Readonly<Record<DriverErrorReason, [kind: DriverErrorKind, code: string, exitCode: number]>> =
  {
    missing: ["cantopen", "SKM_DB_MISSING", 5],
    directory: ["cantopen", "SKM_DB_IS_DIRECTORY", 5],
    "parent-missing": ["cantopen", "SKM_DB_PARENT", 5],
    permission: ["cantopen", "SKM_DB_PERMISSION", 5],
    "not-regular": ["cantopen", "SKM_DB_OPEN", 5],
    "hard-link": ["cantopen", "SKM_DB_HARDLINK", 9],
    "stale-lock": ["busy", "SKM_LOCK_STALE", 6],
    replaced: ["io", "SKM_DB_REPLACED", 8],
    "not-installed": ["unsupported", "SKM_DRIVER_MISSING", 2],
    runtime: ["unsupported", "SKM_NODE_VERSION", 2],
    url: ["cantopen", "SKM_URL", 2],
    aborted: ["timeout", "SKM_MIGRATION_ABORTED", 7],
    "in-use": ["busy", "SKM_BUSY", 6],
    "crashed-writer": ["readonly", "SKM_DB_READONLY", 5],
    "transaction-lost": ["constraint", "SKM_TX_ESCAPED", 7],
    "transaction-control": ["unsupported", "SKM_TX_ESCAPED", 7],
    forbidden: ["unsupported", "SKM_SQL_FORBIDDEN", 7],
    "several-statements": ["sql", "SKM_SQL_MULTI", 7],
    parameters: ["value", "SKM_VALUE", 7],
    tls: ["network", "SKM_REMOTE_TLS", 10],
    redirect: ["network", "SKM_REMOTE_NETWORK", 10],
    protocol: ["network", "SKM_REMOTE_PROTOCOL", 10],
    "transaction-expired": ["timeout", "SKM_REMOTE_TX_EXPIRED", 10],
    blocked: ["busy", "SKM_REMOTE_BLOCKED", 10],
    "too-big": ["value", "SKM_REMOTE_TOO_BIG", 10],
    "read-only-token": ["auth", "SKM_REMOTE_READONLY", 10],
    "no-such-database": ["cantopen", "SKM_REMOTE_DATABASE", 10],
    "replica-behind": ["network", "SKM_REMOTE_REPLICA", 10],
  };

test.each(Object.entries(ofKind))("kind %s is code %s", (kind, [code, exitCode]) => {
  const error = toMigrationError(new DriverError(kind as DriverErrorKind, "it broke"));
  expect({ code: error.code, exitCode: error.exitCode }).toEqual({ code, exitCode });
  expect(error.code in errorCodes).toBe(true);
});

test.each(Object.entries(ofReason))("reason %s is code %s", (reason, [kind, code, exitCode]) => {
  const error = toMigrationError(new DriverError(kind, "it broke", { reason: reason as DriverErrorReason }));
  expect({ code: error.code, exitCode: error.exitCode }).toEqual({ code, exitCode });
});

test.each([
  ["full", "SKM_DISK_FULL"],
  ["io", "SKM_DB_IO"],
] as const)("a transaction that SQLite ended because of %s is not a revision's doing", (kind, code) => {
  const error = new DriverError(kind, "it broke", { reason: "transaction-lost", outcome: "rolled-back" });
  expect(toMigrationError(error)).toMatchObject({ code, exitCode: 7 });
});

test("an unknown outcome wins over kind and reason", () => {
  const unknown = new DriverError("full", "it broke", { outcome: "unknown", reason: "aborted" });
  expect(toMigrationError(unknown)).toMatchObject({ code: "SKM_COMMIT_UNKNOWN", exitCode: 8 });
});

test("the facts of the error become details, its cause stays reachable", () => {
  const cause = new Error("library");
  const error = new DriverError("constraint", "UNIQUE constraint failed: t.a", {
    cause,
    step: 3,
    outcome: "rolled-back",
    engineCode: "SQLITE_CONSTRAINT_UNIQUE",
    target: "/x.db",
  });
  const converted = toMigrationError(error, {
    action: 'cannot apply revision "a1"',
    sql: "INSERT INTO t VALUES (1)",
    statementCode: "SKM_MIGRATION_FAILED",
    details: { revision: "a1" },
  });
  expect(converted).toMatchObject({ code: "SKM_MIGRATION_FAILED", cause: error });
  expect(converted.message).toBe(
    'cannot apply revision "a1": UNIQUE constraint failed: t.a in "INSERT INTO t VALUES (1)"',
  );
  expect(converted.details).toEqual({
    kind: "constraint",
    step: 3,
    outcome: "rolled-back",
    engineCode: "SQLITE_CONSTRAINT_UNIQUE",
    target: "/x.db",
    sql: "INSERT INTO t VALUES (1)",
    revision: "a1",
  });
});

test("the code for statements does not touch other errors", () => {
  const busy = toMigrationError(new DriverError("busy", "locked"), { statementCode: "SKM_MIGRATION_FAILED" });
  expect(busy.code).toBe("SKM_BUSY");
});

test("the hint of the driver comes before ours", () => {
  expect(toMigrationError(new DriverError("busy", "locked")).hint).toMatch(/wait longer/);
  expect(toMigrationError(new DriverError("busy", "locked", { hint: "do this" })).hint).toBe("do this");
});

test("control characters from the engine are shown as escapes", () => {
  const error = toMigrationError(new DriverError("sql", "no such table: a\u001b[2J"));
  expect(error.message).toBe("the database refused a statement: no such table: a\\x1b[2J");
});

test("an error that is ours already is returned as it is", () => {
  const error = new MigrationError("SKM_USAGE", "wrong");
  expect(toMigrationError(error, { action: "more" })).toBe(error);
});

test.each([
  [new TypeError("x is not a function"), "unexpected error: x is not a function"],
  ["a string", 'unexpected error: "a string"'],
  [null, 'unexpected error: "null"'],
])("%o is a bug", (thrown, message) => {
  expect(toMigrationError(thrown)).toMatchObject({
    code: "SKM_INTERNAL",
    exitCode: 1,
    message,
    cause: thrown,
  });
});
