import { describe, expect, test } from "vitest";
import { sql, type Operations } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { revision } from "../support/revisions.ts";
import type { Driver } from "../../src/driver/index.ts";
import { execute, migratorFor, openDriver, readRows, temporaryPath } from "../support/temporary-database.ts";

/** A real engine that says it is a server, to which a unit is sent at once where that can be. */
function serverDriver(path: string): Driver {
  const real = openDriver(path);
  return {
    ...real,
    connect: async (options) => {
      const connection = await real.connect(options);
      const capabilities = { ...connection.capabilities, lock: "server" as const };
      return { ...connection, capabilities };
    },
  };
}

/** Row 1 of `c` breaks the key to `p`, and nothing else is wrong. */
const oldViolation = `PRAGMA foreign_keys = OFF;
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
CREATE TABLE q (id INTEGER PRIMARY KEY);
CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, q INTEGER REFERENCES q ON DELETE CASCADE, n INTEGER);
INSERT INTO p VALUES (1, 'one');
INSERT INTO q VALUES (1);
INSERT INTO c VALUES (1, 99, 1, 5), (2, 1, 1, 1);`;

function upgrade(body: (op: Operations) => void) {
  const path = temporaryPath();
  execute(path, oldViolation);
  const migrator = migratorFor(path, [revision("a", null, { upgrade: body })], { foreignKeys: "suspended" });
  return { path, run: migrator.upgrade() };
}

describe("an old violation stays an old one", () => {
  test.each<readonly [string, (op: Operations) => void]>([
    [
      "when a foreign key is added behind its own",
      (op) => {
        op.execute("UPDATE c SET n = 1");
        op.createForeignKey("c", { columns: ["n"], references: { table: "c", columns: ["id"] } });
      },
    ],
    [
      "when a foreign key behind its own is dropped",
      (op) => op.dropConstraint("c", { kind: "foreignKey", columns: ["q"] }),
    ],
    [
      "when its key is written anew with the parent's columns",
      (op) =>
        op.batchAlterTable("c", (batch) => {
          batch.dropConstraint({ kind: "foreignKey", columns: ["p"] });
          batch.createForeignKey({ columns: ["p"], references: { table: "p", columns: ["id"] } });
        }),
    ],
    ["when its table is renamed", (op) => op.renameTable("c", "children")],
    ["when its parent is renamed", (op) => op.renameTable("p", "parents")],
    ["when its column is renamed", (op) => op.renameColumn("c", "P", "parent")],
    ["when the parent's column is renamed", (op) => op.renameColumn("p", "id", "key")],
    [
      "when a batch renames the column and rebuilds the renamed table",
      (op) => {
        op.renameTable("C", "d");
        op.batchAlterTable("d", { recreate: "always" }, (batch) => batch.renameColumn("p", "parent"));
      },
    ],
  ])("%s", async (_, body) => {
    const { run } = upgrade(body);
    expect((await run).headsAfter).toEqual(["a"]);
  });
});

describe("a new violation fails", () => {
  test.each<readonly [string, (op: Operations) => void, rowid: string]>([
    ["of the same key by another row", (op) => op.execute("UPDATE c SET p = 98 WHERE id = 2"), "2"],
    ["of another key by the same row", (op) => op.execute("UPDATE c SET q = 98 WHERE id = 1"), "1"],
    [
      "of a key that the row could not break before",
      (op) => op.createForeignKey("c", { columns: ["n"], references: { table: "c", columns: ["id"] } }),
      "1",
    ],
    [
      "of a key of the same columns to other columns of the parent",
      (op) =>
        op.batchAlterTable("c", (batch) => {
          batch.dropConstraint({ kind: "foreignKey", columns: ["p"] });
          batch.createForeignKey({ columns: ["p"], references: { table: "p", columns: ["code"] } });
        }),
      "1",
    ],
  ])("%s", async (_, body, rowid) => {
    const { path, run } = upgrade(body);
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY" });
    expect(error.details?.["violations"]).toContainEqual({ table: "c", rowid, parent: expect.any(String) });
    expect(readRows(path, "SELECT p, q, n FROM c")).toEqual([
      [99, 1, 5],
      [1, 1, 1],
    ]);
  });

  test("also when an old one was repaired in the same run", async () => {
    const { run } = upgrade((op) => {
      op.execute(sql`UPDATE c SET p = 1 WHERE id = 1`);
      op.execute(sql`UPDATE c SET p = 98 WHERE id = 2`);
      op.batchAlterTable("c", { recreate: "always" }, () => undefined);
    });
    expect(await failureOf(run)).toMatchObject({ code: "SKM_FOREIGN_KEY", details: { count: 1 } });
  });
});

/** `kid` refers to a column that nothing makes unique, and `stray` has no parent row. */
const unfit = `PRAGMA foreign_keys = OFF;
CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE kid (id INTEGER PRIMARY KEY, code TEXT REFERENCES parent (code));
CREATE TABLE stray (id INTEGER PRIMARY KEY, parent INT REFERENCES parent);
CREATE TABLE other (a);
INSERT INTO parent VALUES (1, 'a');
INSERT INTO kid VALUES (1, 'a');
INSERT INTO stray VALUES (1, 99);`;

describe("a foreign key that fits no key of its parent", () => {
  const run = async (script: string, body: (op: Operations) => void, isServer = false): Promise<string> => {
    const path = temporaryPath();
    execute(path, script);
    await migratorFor(
      path,
      [revision("a", null, { upgrade: body })],
      isServer ? { driver: serverDriver(path) } : {},
    ).upgrade();
    return path;
  };
  const makeUnique = (op: Operations): void => op.createUniqueConstraint("parent", ["code"]);

  test.each([false, true])("is no fault of a run that finds it so (server: %s)", async (isServer) => {
    await run(unfit, (op) => op.batchAlterTable("other", { recreate: "always" }, () => undefined), isServer);
    await run(unfit, (op) => op.batchAlterTable("parent", { recreate: "always" }, () => undefined), isServer);
    await run(unfit, makeUnique, isServer);
  });

  test("is refused when the run makes it so, with what it needs", async () => {
    const fitting = unfit.replace("code TEXT)", "code TEXT UNIQUE)");
    const drop = (op: Operations): void => op.dropConstraint("parent", { kind: "unique", columns: ["code"] });
    const error = await failureOf(run(fitting, drop));
    expect(error).toMatchObject({ code: "SKM_FOREIGN_KEY", details: { table: "kid" } });
    expect(error.hint).toContain("UNIQUE");
    await run(fitting, (op) => {
      drop(op);
      makeUnique(op);
    });
  });

  test("hides neither new violations of other tables nor those that its own rows turn out to be", async () => {
    const stray = (op: Operations): void => {
      op.execute("INSERT INTO stray VALUES (2, 98)");
      op.batchAlterTable("other", { recreate: "always" }, () => undefined);
    };
    expect(await failureOf(run(unfit, stray))).toMatchObject({
      code: "SKM_FOREIGN_KEY",
      details: { count: 1 },
    });
    const lost = `${unfit} INSERT INTO kid VALUES (2, 'nobody');`;
    expect(await failureOf(run(lost, makeUnique))).toMatchObject({
      code: "SKM_FOREIGN_KEY",
      details: { count: 1 },
    });
  });
});
