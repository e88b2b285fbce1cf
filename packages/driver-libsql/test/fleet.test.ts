import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  createMigrator,
  type MigratorOptions,
  type Operations,
  type Revision,
  type RunEvent,
  type UpgradeOptions,
} from "@skillmeat/migrate-core";
import { libsql, type Fetch, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeWithServer, readValues } from "./support/databases.ts";

type Body = (op: Operations) => void | Promise<void>;

/** Revisions of their own, of which no other test knows anything. */
function chain(...bodies: readonly Body[]): readonly Revision[] {
  return bodies.map((upgrade, index) => ({
    revision: `r${index + 1}`,
    downRevision: index === 0 ? null : `r${index}`,
    upgrade,
  }));
}

const create =
  (table: string): Body =>
  (op) =>
    op.execute(`CREATE TABLE ${table} (x UNIQUE)`);

/** What a request is: the heads are asked, the tables are, a unit is sent, or one that is supposed to fit. */
function describeRequest(body: string): string {
  const isUnit = body.includes("BEGIN IMMEDIATE");
  if (body.includes("the database is elsewhere")) return "supposed";
  if (isUnit) return "unit";
  if (body.includes("no version table")) return "heads";
  return body.includes("pragma_index_xinfo") ? "tables" : "other";
}

interface Outcome {
  readonly outcome: string;
  readonly steps: readonly string[];
  readonly requests: readonly string[];
  readonly events: readonly unknown[];
}

interface RunOptions extends Partial<MigratorOptions> {
  readonly target?: string;
  readonly upgrade?: UpgradeOptions;
}

/** One run of a migrator of its own, as each database of a fleet has it. */
async function run(
  options: LibsqlOptions,
  revisions: MigratorOptions["revisions"],
  { target, upgrade, ...more }: RunOptions = {},
): Promise<Outcome> {
  const requests: string[] = [];
  const events: RunEvent[] = [];
  const counting: Fetch = async (input, init) => {
    requests.push(describeRequest(JSON.stringify(init.body)));
    return await (options.fetch ?? fetch)(input, init);
  };
  const migrator = createMigrator({
    driver: libsql({ ...options, fetch: counting }),
    revisions,
    ...more,
    onEvent: (event) => void events.push(event),
  });
  try {
    const { outcome, steps } = await migrator.upgrade(target, upgrade);
    return { outcome, steps: steps.map(({ revision }) => revision), requests, events };
  } finally {
    await migrator.close();
  }
}

/** Events without their times. */
function withoutTimes(events: readonly unknown[]): unknown {
  return JSON.parse(
    JSON.stringify(events, (key, value: unknown) => (key === "durationMs" ? undefined : value)),
  );
}

describeWithServer("the databases of one process", (server) => {
  const fresh = async (): Promise<LibsqlOptions> => ({
    url: `http://${server().host}`,
    namespace: await server().createNamespace(),
  });
  const tables = async (options: LibsqlOptions): Promise<readonly unknown[]> =>
    await readValues(options, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name");

  /** A database at this revision, and a fleet of which the last one began at base. */
  async function supposing(revisions: readonly Revision[], at?: string): Promise<LibsqlOptions> {
    const options = await fresh();
    if (at !== undefined) await run(options, revisions, { target: at });
    await run(await fresh(), revisions);
    return options;
  }

  test("take one request each once the first one was upgraded, and tell the same", async () => {
    const revisions = chain(create("a"));
    const first = await run(await fresh(), revisions);
    expect(first.requests).toEqual(["heads", "unit"]);
    for (let index = 0; index < 3; index += 1) {
      const options = await fresh();
      const next = await run(options, revisions);
      expect(next.requests).toEqual(["supposed"]);
      expect(next.outcome).toBe("applied");
      expect(withoutTimes(next.events)).toEqual(withoutTimes(first.events));
      expect(await tables(options)).toEqual(["a", "alembic_version"]);
    }
  });

  test("are known by the directory of their revisions too", async () => {
    const directory = mkdtempSync(join(tmpdir(), "skm-fleet-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(
      join(directory, "r1.mjs"),
      `export default { revision: "r1", downRevision: null, upgrade: (op) => op.execute("CREATE TABLE a (x)") };\n`,
    );
    expect((await run(await fresh(), directory)).requests).toEqual(["heads", "unit"]);
    expect((await run(await fresh(), [directory])).requests).toEqual(["supposed"]);
  });

  test("that are several revisions behind take one request for each", async () => {
    const revisions = chain(create("a"), create("b"), create("c"));
    const [one, next] = [await fresh(), await fresh()];
    for (const options of [one, next]) await run(options, chain(create("a")));
    expect((await run(one, revisions)).requests).toEqual(["heads", "unit", "unit"]);
    expect(await run(next, revisions)).toMatchObject({
      requests: ["supposed", "unit"],
      steps: ["r2", "r3"],
    });
    expect(await tables(next)).toEqual(["a", "alembic_version", "b", "c"]);
  });

  test("take one request where there is nothing to do, also where something was supposed", async () => {
    let bodies = 0;
    const revisions = chain((op) => {
      bodies += 1;
      op.execute("CREATE TABLE a (x)");
    });
    const options = await supposing(revisions, "r1");
    const before = bodies;
    const nothing = { outcome: "nothing-to-do", steps: [], events: [] };
    expect(await run(options, revisions)).toMatchObject({ ...nothing, requests: ["supposed"] });
    expect(bodies).toBe(before + 1);
    // What was supposed in vain is not supposed again.
    expect(await run(options, revisions)).toMatchObject({ ...nothing, requests: ["heads"] });
    expect(bodies).toBe(before + 1);
  });

  test("go on from the heads they have, where others were supposed", async () => {
    const revisions = chain(create("a"), create("b"));
    const options = await supposing(revisions, "r1");
    expect(await run(options, revisions)).toMatchObject({
      requests: ["supposed", "unit"],
      steps: ["r2"],
      events: [{ kind: "run-start", heads: ["r1"] }, {}, {}, {}, { kind: "run-end", heads: ["r2"] }],
    });
    expect(await tables(options)).toEqual(["a", "alembic_version", "b"]);
  });

  test("that say who may open them go on saying it", async () => {
    const [first, second] = chain(create("a"), create("b"));
    const revisions = [first, second].map((one) => ({ ...one, minimumReader: one?.revision }) as Revision);
    const readers = "SELECT revision, minimum_readers FROM skillmeat_readers";
    const [one, next, other] = [await fresh(), await fresh(), await fresh()];
    for (const options of [one, next]) await run(options, revisions, { target: "r1" });
    await run(other, chain(create("a")));
    expect((await run(one, revisions)).requests).toEqual(["heads", "unit"]);
    expect((await run(next, revisions)).requests).toEqual(["supposed"]);
    expect(await readValues(next, readers)).toEqual(["r2", '["r2"]']);
    // It is at the same revision, and has no table for it yet.
    expect((await run(other, revisions)).requests).toEqual(["supposed", "unit"]);
    expect(await readValues(other, readers)).toEqual(["r2", '["r2"]']);
  });

  test("with a version table and no version are not taken for fresh ones", async () => {
    const revisions = chain(create("a"));
    const options = await supposing(revisions);
    const connection = await libsql(options).connect();
    await connection.query({ sql: "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)" });
    await connection.close();
    expect(await run(options, revisions)).toMatchObject({ requests: ["supposed", "unit"], steps: ["r1"] });
  });

  test("whose version table is something else are refused as ever", async () => {
    const revisions = chain(create("a"));
    const options = await supposing(revisions);
    const connection = await libsql(options).connect();
    await connection.query({ sql: "CREATE VIEW alembic_version AS SELECT 'r0' AS version_num" });
    await connection.close();
    await expect(run(options, revisions)).rejects.toMatchObject({ code: "SKM_VERSION_SHAPE" });
  });

  test("in which somebody waits in line wait too", async () => {
    const revisions = chain(create("a"));
    const options = await supposing(revisions);
    const connection = await libsql(options).connect();
    await connection.unit([
      {
        sql: "CREATE TABLE skm_courtesy_lock (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL, holder TEXT NOT NULL, token INTEGER NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL)",
      },
      {
        sql: "INSERT INTO skm_courtesy_lock VALUES (1, 'o', 'somebody', 1, unixepoch(), unixepoch() + 40)",
      },
    ]);
    await connection.close();
    await expect(run(options, revisions, { waitMs: 200 })).rejects.toMatchObject({
      code: "SKM_BUSY",
      details: { holder: "somebody" },
    });
    expect(await tables(options)).toEqual(["skm_courtesy_lock"]);
  });

  test.each<[what: string, options: RunOptions, first: string]>([
    ["a run that gets in line", { queue: true }, "heads"],
    ["a run that looks at the plan first", { upgrade: { lint: "refuse" } }, "heads"],
    ["a run that must lose no row", { upgrade: { dataLoss: "refuse" } }, "heads"],
    ["a run to another target", { target: "r1" }, "heads"],
    ["another version table", { versionTable: "versions" }, "heads"],
    ["foreign keys that are suspended", { foreignKeys: "suspended" }, "heads"],
    ["a run that is told of everything", {}, "supposed"],
    ["a journal", { journal: true }, "supposed"],
    ["an application id", { applicationId: 7 }, "other"],
  ])("%s: what is sent first", async (_what, options, first) => {
    const revisions = chain(create("a"));
    await run(await fresh(), revisions);
    const { requests, steps } = await run(await fresh(), revisions, options);
    expect(requests[0]).toBe(first);
    expect(steps).toEqual(["r1"]);
  });

  test.each<[what: string, body: Body]>([
    ["asks the database", async (op) => void (await op.query("SELECT 1"))],
    [
      "rebuilds a table",
      (op) => {
        op.createUniqueConstraint("z", { name: "uq", columns: ["id"] });
      },
    ],
    [
      "drops a table",
      (op) => {
        op.execute("CREATE TABLE a (x)");
        op.dropTable("a");
      },
    ],
    ["is long", (op) => op.execute(`INSERT INTO sqlite_sequence VALUES ('${"x".repeat(300_000)}', 1)`)],
  ])("are asked first where a revision %s", async (_what, body) => {
    const revisions = chain(
      (op) => op.execute("CREATE TABLE z (id INTEGER PRIMARY KEY AUTOINCREMENT)"),
      body,
    );
    const [one, other] = [await fresh(), await fresh()];
    for (const options of [one, other]) await run(options, revisions.slice(0, 1));
    await run(one, revisions);
    const { requests, outcome } = await run(other, revisions);
    expect({ outcome, first: requests[0] }).toEqual({ outcome: "applied", first: "heads" });
  });

  test("are not failed by a revision that they do not need", async () => {
    let fails = false;
    const revisions = chain((op) => {
      if (fails) throw new Error("not today");
      op.execute("CREATE TABLE a (x)");
    });
    const options = await supposing(revisions, "r1");
    fails = true;
    expect(await run(options, revisions)).toMatchObject({ outcome: "nothing-to-do", requests: ["heads"] });
    await expect(run(await fresh(), revisions)).rejects.toMatchObject({
      code: "SKM_MIGRATION_FAILED",
      details: { revision: "r1", heads: [] },
    });
  });

  test("fail at a statement as they would without", async () => {
    const failing = (): readonly Revision[] =>
      chain((op) => {
        op.execute("CREATE TABLE a (x UNIQUE)");
        op.execute("INSERT INTO a SELECT 1 FROM other");
      });
    const prepared = async (): Promise<LibsqlOptions> => {
      const options = await fresh();
      const connection = await libsql(options).connect();
      await connection.unit([{ sql: "CREATE TABLE other (x)" }]);
      await connection.close();
      return options;
    };
    const double = async (options: LibsqlOptions): Promise<LibsqlOptions> => {
      const connection = await libsql(options).connect();
      await connection.unit([{ sql: "INSERT INTO other VALUES (1), (2)" }]);
      await connection.close();
      return options;
    };
    const errorOf = async (revisions: readonly Revision[], options: LibsqlOptions): Promise<unknown> => {
      const error: unknown = await run(options, revisions).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      const { code, message, details, hint } = error as Error & Record<string, unknown>;
      return { code, message, details, hint };
    };
    const revisions = failing();
    await run(await prepared(), revisions);
    const options = await double(await prepared());
    const found = await errorOf(revisions, options);
    expect(found).toEqual(await errorOf(failing(), await double(await prepared())));
    expect(found).toMatchObject({ details: { statement: 2, heads: [] } });
    expect(await tables(options)).toEqual(["other"]);
  });

  test("are never written to by what only reads", async () => {
    const revisions = chain(create("a"));
    await run(await fresh(), revisions);
    const sent: string[] = [];
    const recording: Fetch = async (input, init) => {
      sent.push(JSON.stringify(init.body));
      return await fetch(input, init);
    };
    const options = await fresh();
    const migrator = createMigrator({ driver: libsql({ ...options, fetch: recording }), revisions });
    await migrator.plan();
    await migrator.current();
    await migrator.check();
    await migrator.sql();
    await migrator.close();
    expect(sent.filter((body) => body.includes("BEGIN IMMEDIATE"))).toEqual([]);
    expect(await tables(options)).toEqual([]);
  });

  test("are upgraded once by several runs that all suppose it", async () => {
    const revisions = chain(create("a"), create("b"));
    await run(await fresh(), revisions);
    const options = await fresh();
    const runs = await Promise.all(Array.from({ length: 4 }, async () => await run(options, revisions)));
    expect(runs.flatMap(({ steps }) => steps).toSorted()).toEqual(["r1", "r2"]);
    expect(runs.map(({ requests }) => requests[0])).toEqual(Array.from({ length: 4 }, () => "supposed"));
    expect(await tables(options)).toEqual(["a", "alembic_version", "b"]);
  });
});
