import { describe, expect, test } from "vitest";
import type { MigratorOptions, Operations, RunEvent } from "@skillmeat/migrate-core";
import type { Driver } from "../../src/driver/index.ts";
import { failureOf } from "../support/failure-of.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

type Body = (op: Operations) => void | Promise<void>;

const schema = `CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE users (id INTEGER PRIMARY KEY, age TEXT, note TEXT, team INT REFERENCES teams ON DELETE CASCADE);
CREATE TABLE empty (a, b);
CREATE TABLE alone (id INTEGER PRIMARY KEY, a);
CREATE TABLE kids (id, parent INT REFERENCES alone ON DELETE CASCADE);
INSERT INTO teams VALUES (1, 'core'), (2, NULL);
INSERT INTO users VALUES (1, '007', 'x', 1), (2, 'old', NULL, 1);`;

const database = (): string => {
  const path = temporaryPath();
  execute(path, schema);
  return path;
};

const chainOf = (bodies: readonly Body[]): MigratorOptions["revisions"] =>
  bodies.map((upgrade, index) => ({
    revision: `r${index}`,
    downRevision: index === 0 ? null : `r${index - 1}`,
    upgrade,
    downgrade: () => undefined,
  }));

const asked =
  (body: (op: Operations) => void): Body =>
  async (op) => {
    await op.query("SELECT 1");
    body(op);
  };

const mapped =
  (body: (op: Operations) => void): Body =>
  async (op) => {
    await op.updateRows("teams", { map: ({ name }) => ({ name: name ?? "none" }) });
    body(op);
  };

const nothing: Body = () => undefined;

/** What a plan does not see, and the code of the one warning that a run has for it. */
const seen: readonly (readonly [what: string, code: string, bodies: readonly Body[]])[] = [
  ["a dropped table behind a question", "SKM_LINT_DATA_LOSS", [asked((op) => op.dropTable("users"))]],
  [
    "a dropped column behind a change of rows",
    "SKM_LINT_DATA_LOSS",
    [mapped((op) => op.dropColumn("users", "note"))],
  ],
  [
    "a type behind a question",
    "SKM_LINT_TYPE",
    [asked((op) => op.alterColumn("users", "team", { type: "TEXT" }))],
  ],
  [
    "a rebuild of a parent behind a question",
    "SKM_LINT_PARENT_REBUILD",
    [asked((op) => op.alterColumn("teams", "name", { default: "new" }))],
  ],
  [
    "rows that were not there at the first look",
    "SKM_LINT_DATA_LOSS",
    [
      asked((op) => {
        op.createIndex({ name: "ix", table: "empty", columns: ["a"] });
        op.bulkInsert("empty", [{ a: 1 }]);
        op.dropTable("empty");
      }),
    ],
  ],
  [
    "what follows in the next revision",
    "SKM_LINT_DATA_LOSS",
    [asked(() => undefined), nothing, (op) => op.dropColumn("users", "note")],
  ],
];

const harmless: readonly (readonly [what: string, bodies: readonly Body[]])[] = [
  [
    "NOT NULL for which the change of rows has made room",
    [mapped((op) => op.alterColumn("teams", "name", { nullable: false }))],
  ],
  ["a table without rows", [asked((op) => op.dropTable("empty"))]],
  [
    "a rebuild of what a dropped column referred to",
    [
      asked((op) => {
        op.dropColumn("kids", "parent");
        op.alterColumn("alone", "a", { type: "INT" });
      }),
    ],
  ],
  [
    "a table that the run itself made",
    [
      asked((op) => {
        op.createTable({ name: "helper", columns: [{ name: "a" }] });
        op.bulkInsert("helper", [{ a: 1 }]);
        op.dropTable("helper");
      }),
    ],
  ],
];

const everything = (path: string): unknown => [
  readRows(path, "SELECT name, sql FROM sqlite_schema ORDER BY name"),
  ...["teams", "users"].map((name) => readRows(path, `SELECT * FROM ${name}`)),
];

describe("a run that refuses warnings", () => {
  test.each(seen)("rolls back at %s", async (_, code, bodies) => {
    const path = database();
    const before = everything(path);
    const migrator = migratorFor(path, chainOf(bodies));
    const error = await failureOf(migrator.upgrade("head", { lint: "refuse" }));
    expect(error).toMatchObject({
      code: "SKM_LINT",
      exitCode: 3,
      details: { warnings: [{ code, revision: `r${bodies.length - 1}` }] },
    });
    expect(error.hint).not.toBe("");
    expect(everything(path)).toEqual(before);
  });

  test("keeps the revisions before, where each is a transaction", async () => {
    const path = database();
    const bodies = [asked(() => undefined), (op: Operations) => op.dropTable("users")];
    const migrator = migratorFor(path, chainOf(bodies), { transactionPer: "revision" });
    const error = await failureOf(migrator.upgrade("head", { lint: "refuse" }));
    expect(error).toMatchObject({ code: "SKM_LINT", details: { applied: ["r0"], pending: ["r1"] } });
    expect(versions(path)).toEqual(["r0"]);
  });

  test.each(harmless)("lets pass %s", async (_, bodies) => {
    const path = database();
    await migratorFor(path, chainOf(bodies)).upgrade("head", { lint: "refuse" });
    expect(versions(path)).toEqual([`r${bodies.length - 1}`]);
  });

  test("looks at a downgrade as well", async () => {
    const path = database();
    const down = asked((op) => op.dropTable("users"));
    const migrator = migratorFor(path, [
      { revision: "one", downRevision: null, upgrade: nothing, downgrade: down },
    ]);
    await migrator.upgrade();
    expect(await failureOf(migrator.downgrade("base", { lint: "refuse" }))).toMatchObject({
      code: "SKM_LINT",
    });
    expect(versions(path)).toEqual(["one"]);
  });

  test("looks on a server too, where the next revision would be sent at once", async () => {
    const path = database();
    const real = openDriver(path);
    const driver: Driver = {
      name: "server",
      connect: async (options) => {
        const connection = await real.connect(options);
        const lock = { lock: { value: "server" } };
        return {
          ...connection,
          capabilities: Object.create(connection.capabilities, lock) as typeof connection.capabilities,
        };
      },
    };
    const bodies = [asked(() => undefined), (op: Operations) => op.dropTable("users")];
    const migrator = migratorFor(path, chainOf(bodies), { driver, transactionPer: "revision" });
    expect(await failureOf(migrator.upgrade("head", { lint: "refuse" }))).toMatchObject({ code: "SKM_LINT" });
    expect(versions(path)).toEqual(["r0"]);
  });
});

describe("a run that only warns", () => {
  const warningsOf = async (path: string, bodies: readonly Body[], lint?: "warn") => {
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent): void => void events.push(event);
    await migratorFor(path, chainOf(bodies), { onEvent }).upgrade("head", lint === undefined ? {} : { lint });
    return events.flatMap((event) => (event.kind === "warning" ? [event.code] : []));
  };

  test.each(seen)("sends one for %s, and runs", async (_, code, bodies) => {
    const path = database();
    expect(await warningsOf(path, bodies, "warn")).toEqual([code]);
    expect(versions(path)).toEqual([`r${bodies.length - 1}`]);
  });

  test("sends what the plan has seen once, also when the transaction begins again", async () => {
    const body: Body = async (op) => {
      op.dropTable("users");
      await op.query("SELECT 1");
      op.dropColumn("empty", "b");
      op.dropTable("helper");
      op.alterColumn("teams", "name", { type: "INT" });
    };
    const path = database();
    execute(
      path,
      "CREATE TABLE helper (a); INSERT INTO helper VALUES (1); CREATE TABLE child (t REFERENCES teams ON DELETE CASCADE)",
    );
    const found = await warningsOf(path, [body], "warn");
    expect(found).toEqual(["SKM_LINT_DATA_LOSS", "SKM_LINT_DATA_LOSS", "SKM_LINT_TYPE"]);
  });

  test("looks at nothing unless it was asked to", async () => {
    expect(await warningsOf(database(), seen[0]?.[2] ?? [])).toEqual([]);
  });
});
