import { describe, expect, test } from "vitest";
import {
  sql,
  type InputRow,
  type MigratorOptions,
  type Operations,
  type Row,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

function run(
  schema: string,
  upgrade: (op: Operations) => void | Promise<void>,
  options: (path: string) => Partial<MigratorOptions> = () => ({}),
) {
  const path = temporaryPath();
  execute(path, schema);
  const events: RunEvent[] = [];
  const migrator = migratorFor(path, [revision("a", null, { upgrade })], {
    onEvent: (event) => events.push(event),
    ...options(path),
  });
  return { path, done: migrator.upgrade(), events };
}

const users = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, domain TEXT, role TEXT);
INSERT INTO users (id, email) VALUES (1, 'a@x.org'), (2, 'b@y.org'), (5, NULL), (9, 'c@x.org');`;

const domainOf = ({ email }: Row): InputRow | undefined =>
  typeof email === "string" ? { domain: email.split("@")[1] ?? null } : undefined;

describe("op.updateRows with values", () => {
  test("is one UPDATE of values and expressions, also on an engine that takes a unit at once", async () => {
    const { path, done } = run(
      users,
      (op) => {
        op.updateRows("users", {
          set: { role: "reader", domain: sql`upper(substr(email, 3))` },
          where: sql`email LIKE ${"%x.org"}`,
        });
        op.updateRows("users", { set: { role: false }, where: "role IS NULL" });
      },
      (file) => ({ driver: oneBatchDriver(file) }),
    );
    await done;
    expect(readRows(path, "SELECT id, domain, role FROM users")).toEqual([
      [1, "X.ORG", "reader"],
      [2, null, "0"],
      [5, null, "0"],
      [9, "X.ORG", "reader"],
    ]);
  });

  test("stands in a plan as its statement", async () => {
    const path = temporaryPath();
    const upgrade = (op: Operations) => op.updateRows("t", { set: { "a b": 1, c: sql`c + 1` } });
    const { steps } = await migratorFor(path, [revision("a", null, { upgrade })]).plan();
    expect(steps[0]?.statements[0]).toEqual({
      sql: 'UPDATE t SET "a b" = ?, c = (c + 1)',
      params: [1],
    });
  });

  test.each<readonly [string, unknown, RegExp]>([
    ["nothing to set", { set: {} }, /set of options in op\.updateRows must be an object/u],
    ["neither way", {}, /needs the property "set"/u],
    ["both ways", { set: { a: 1 }, map: () => undefined }, /unknown property "set"/u],
    [
      "a value that SQLite does not store",
      { set: { a: new Date(0) } },
      /cannot use .* as a of set of options/u,
    ],
    [
      "a condition that ends the statement",
      { set: { a: 1 }, where: "1; DROP TABLE users" },
      /has a semicolon/u,
    ],
    ["a chunk of nothing", { map: () => undefined, chunk: 0 }, /a number of rows from 1 on/u],
  ])("refuses %s", async (_, options, message) => {
    const { done } = run(users, (op) => op.updateRows("users", options as never));
    expect((await failureOf(done)).message).toMatch(message);
  });
});

describe("op.updateRows with a function", () => {
  test.each([1, 2, 3, 1000])("changes each row once, in chunks of %i", async (chunk) => {
    const seen: unknown[] = [];
    let changed: number | undefined;
    const { path, done } = run(users, async (op) => {
      changed = await op.updateRows("users", {
        chunk,
        map: (row) => {
          seen.push(row["id"]);
          return domainOf(row);
        },
      });
      op.execute("UPDATE users SET role = 'seen' WHERE domain IS NOT NULL");
    });
    await done;
    expect(seen).toEqual([1, 2, 5, 9]);
    expect(changed).toBe(3);
    expect(readRows(path, "SELECT domain, role FROM users")).toEqual([
      ["x.org", "seen"],
      ["y.org", "seen"],
      [null, null],
      ["x.org", "seen"],
    ]);
  });

  test.each<readonly [string, string]>([
    ["a composite key without rowids", "PRIMARY KEY (a, b)) WITHOUT ROWID"],
    ["a column called rowid", "rowid TEXT DEFAULT 'mine')"],
    ["no key at all", "_x)"],
  ])("tells rows apart by %s", async (_, end) => {
    const { path, done } = run(
      `CREATE TABLE "my t" (a TEXT COLLATE NOCASE, b, v, ${end};
INSERT INTO "my t" (a, b) VALUES ('x', 1), ('X', 2), ('x', 3), ('y', 1), ('Y', 2.5), ('z', x'00ff');`,
      async (op) => {
        await op.updateRows("my t", { chunk: 2, map: ({ a, b }) => ({ v: `${String(a)}${String(b)}` }) });
      },
    );
    await done;
    expect(readRows(path, 'SELECT v FROM "my t" ORDER BY v')).toEqual(
      ["X2", "Y2.5", "x1", "x3", "y1", "z0,255"].map((value) => [value]),
    );
  });

  test("writes rows with different columns, large integers, and a table called changed", async () => {
    const { path, done } = run(
      `CREATE TABLE changed (id INTEGER PRIMARY KEY, a, b, k0);
INSERT INTO changed VALUES (-9223372036854775808, 1, NULL, 0), (9223372036854775807, NULL, 2, 0);`,
      async (op) => {
        await op.updateRows("CHANGED", {
          chunk: 1,
          columns: ["a", "b"],
          map: ({ a, b }) =>
            a === null ? { b: null, k0: 2n ** 62n } : { a: b ?? null, k0: new Uint8Array([7]) },
        });
      },
    );
    await done;
    expect(readRows(path, "SELECT a, b, CAST(k0 AS TEXT), typeof(k0) FROM changed")).toEqual([
      [null, null, "\u0007", "blob"],
      [null, null, "4611686018427387904", "integer"],
    ]);
  });

  test("waits for a function that is asynchronous and tells how far it is", async () => {
    const { path, done, events } = run(
      "CREATE TABLE t (n, twice); WITH RECURSIVE s (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s WHERE n < 2500) INSERT INTO t SELECT n, NULL FROM s",
      async (op) => {
        await op.updateRows("t", {
          where: "n > 500",
          map: async ({ n }) => {
            await Promise.resolve();
            return { twice: Number(n) * 2 };
          },
        });
      },
    );
    await done;
    expect(readRows(path, "SELECT count(*), sum(twice = 2 * n) FROM t")).toEqual([[2500, 2000]]);
    const progress = events.filter((event) => event.kind === "progress");
    expect(progress.map(({ rows, total }) => [rows, total])).toEqual([
      [1000, 2000],
      [2000, 2000],
    ]);
    expect(progress[0]).toMatchObject({ revision: "a", activity: "update", table: "t" });
    expect(progress[1]?.remainingMs ?? 0).toBe(0);
  });

  test.each<readonly [string, string, (op: Operations) => Promise<unknown>, object]>([
    [
      "a column of the key",
      users,
      (op) => op.updateRows("users", { map: () => ({ ID: 7 }) }),
      { code: "SKM_MIGRATION_FAILED", message: expect.stringContaining('must not change "users.ID"') },
    ],
    [
      "what is no object",
      users,
      (op) => op.updateRows("users", { map: () => 7 as never }),
      { message: expect.stringContaining("must return an object") },
    ],
    ["a missing table", users, (op) => op.updateRows("u", { map: domainOf }), { code: "SKM_OBJECT_MISSING" }],
    [
      "a view",
      `${users} CREATE VIEW v AS SELECT * FROM users`,
      (op) => op.updateRows("v", { map: domainOf }),
      { code: "SKM_UNSUPPORTED", message: expect.stringContaining("it is a view") },
    ],
    [
      "a value that a constraint forbids",
      "CREATE TABLE users (email TEXT, domain TEXT CHECK (domain <> 'y.org')); INSERT INTO users (email) VALUES ('a@x.org'), ('b@y.org')",
      (op) => op.updateRows("users", { chunk: 1, map: domainOf }),
      { code: "SKM_MIGRATION_FAILED" },
    ],
  ])("refuses %s and leaves nothing behind", async (_, schema, upgrade, expected) => {
    const { path, done } = run(schema, async (op) => void (await upgrade(op)));
    expect(await failureOf(done)).toMatchObject(expected);
    expect(readRows(path, "SELECT count(domain) FROM users")).toEqual([[0]]);
  });

  test("needs an engine that answers in between", async () => {
    const { done } = run(
      users,
      async (op) => void (await op.updateRows("users", { map: domainOf })),
      (path) => ({ driver: oneBatchDriver(path) }),
    );
    expect(await failureOf(done)).toMatchObject({ code: "SKM_UNSUPPORTED" });
  });

  test("that nobody awaits fails the run", async () => {
    const { path, done } = run(users, (op) => void op.updateRows("users", { map: domainOf }).catch(() => 0));
    expect(await failureOf(done)).toMatchObject({ code: "SKM_OP_AFTER_END" });
    expect(readRows(path, "SELECT count(domain) FROM users")).toEqual([[0]]);
  });
});
