import { expect, onTestFinished, test } from "vitest";
import { createMigrator, MigrationError, type Migrator, type Revision } from "@skillmeat/migrate-core";
import { libsql, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeWithServer, readValues } from "../support/databases.ts";
import { startFaultProxy, type Fault, type FaultProxyOptions } from "../support/fault-proxy.ts";

const first: Revision = {
  revision: "001",
  downRevision: null,
  upgrade: (op) => op.execute("CREATE TABLE a (x)"),
};
const second: Revision = {
  revision: "002",
  downRevision: "001",
  upgrade: (op) => {
    op.execute("CREATE TABLE b (x)");
    op.execute("INSERT INTO b VALUES (1)");
  },
};
/** Asks the database, so that it is a transaction of several requests. */
const asking: Revision = {
  revision: "002",
  downRevision: "001",
  upgrade: async (op) => {
    op.execute("CREATE TABLE b (x)");
    const [row] = await op.query("SELECT count(*) + 1 AS n FROM b");
    op.execute(`INSERT INTO b VALUES (${String(row?.["n"])})`);
  },
};

/** Where a transaction of several requests is struck. A request with a baton goes on with an open one. */
const places: Readonly<Record<string, RegExp>> = {
  "the begin": /BEGIN IMMEDIATE/,
  "the first statement": /CREATE TABLE b/,
  "the last statement": /INSERT INTO b/,
  "the commit": /^\{"baton":".*"COMMIT"/,
};

type State = "before" | "after";

/** What a run says: it is done, it is not done, or that it does not know. */
type Said = "done" | "not-done" | "unknown";

function placeOf(name: string): RegExp {
  const place = places[name];
  if (place === undefined) throw new Error(`no such place: ${name}`);
  return place;
}

/** Nothing is known from other databases: revisions are known again by their objects. */
function migratorFor(options: LibsqlOptions, given: readonly Revision[]): Migrator {
  const revisions = given.map((revision) => ({ ...revision }));
  const migrator = createMigrator({ driver: libsql(options), revisions });
  onTestFinished(async () => await migrator.close());
  return migrator;
}

async function say(run: Promise<unknown>): Promise<Said> {
  try {
    await run;
    return "done";
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return error.code === "SKM_COMMIT_UNKNOWN" ? "unknown" : "not-done";
  }
}

/** The state of the second revision; anything between before and after fails. */
async function readState(options: LibsqlOptions): Promise<State> {
  const heads = await readValues(options, "SELECT version_num FROM alembic_version");
  const tables = await readValues(options, "SELECT name FROM sqlite_schema WHERE name = 'b'");
  if (tables.length === 0) {
    expect(heads).toEqual(["001"]);
    return "before";
  }
  expect({ heads, rows: await readValues(options, "SELECT x FROM b") }).toEqual({
    heads: ["002"],
    rows: [1],
  });
  return "after";
}

describeWithServer("a disturbed network", (server) => {
  async function prepare(proxyOptions: Omit<FaultProxyOptions, "server">) {
    const direct = { url: `http://${server().host}`, namespace: await server().createNamespace() };
    await migratorFor(direct, [first]).upgrade();
    const proxy = await startFaultProxy({ ...proxyOptions, server: server().host });
    onTestFinished(async () => await proxy.close());
    return { direct, proxy, disturbed: { ...direct, url: `http://${proxy.host}`, timeoutMs: 300 } };
  }

  test.each<[fault: Fault, said: readonly Said[], states: readonly State[]]>([
    ["cut-before", ["not-done"], ["before"]],
    ["half-request", ["not-done"], ["before"]],
    ["cut-during", ["done", "not-done"], ["before", "after"]],
    ["answer-lost", ["done"], ["after"]],
    ["half-answer", ["done"], ["after"]],
    ["silent-before", ["not-done"], ["before"]],
    ["silent-after", ["done"], ["after"]],
    ["bad-gateway", ["done"], ["after"]],
  ])(
    "%s: a revision in one request is applied or not, and the run says which",
    async (fault, said, states) => {
      const { direct, proxy, disturbed } = await prepare({ fault, strikes: /CREATE TABLE b/ });
      const answer = await say(migratorFor(disturbed, [first, second]).upgrade());
      expect(proxy.struck).toBe(true);
      const state = await readState(direct);
      expect(said).toContain(answer);
      expect(states).toContain(state);
      expect(answer === "done").toBe(state === "after");
      await migratorFor(disturbed, [first, second]).upgrade();
      expect(await readState(direct)).toBe("after");
    },
  );

  test.each<[lateMs: number, said: Said, state: State]>([
    [100, "done", "after"],
    // After the time that the run waits for an answer, the server refuses it.
    [900, "not-done", "before"],
  ])(
    "a request that arrives %i ms after its sender has gone is %s, and stays so",
    async (lateMs, said, state) => {
      const arrived = Promise.withResolvers<undefined>();
      const { direct, proxy, disturbed } = await prepare({
        fault: "late",
        lateMs,
        strikes: /CREATE TABLE b/,
        atFault: async () => arrived.resolve(undefined),
      });
      const answer = await say(migratorFor(disturbed, [first, second]).upgrade());
      expect(proxy.struck).toBe(true);
      await arrived.promise;
      expect({ answer, state: await readState(direct) }).toEqual({ answer: said, state });
      await migratorFor(direct, [first, second]).upgrade();
      expect(await readState(direct)).toBe("after");
    },
  );

  test.each<[place: string, fault: Fault, said: Said, state: State]>([
    ["the begin", "cut-before", "not-done", "before"],
    ["the begin", "answer-lost", "not-done", "before"],
    ["the first statement", "answer-lost", "not-done", "before"],
    ["the last statement", "half-answer", "not-done", "before"],
    // The server holds the transaction open for some seconds, longer than this client waits to find out.
    ["the commit", "cut-before", "unknown", "before"],
    ["the commit", "answer-lost", "done", "after"],
    ["the commit", "silent-after", "done", "after"],
  ])("at %s, %s: a transaction of several requests is %s", async (place, fault, said, state) => {
    const { direct, proxy, disturbed } = await prepare({ fault, strikes: placeOf(place) });
    const answer = await say(migratorFor(disturbed, [first, asking]).upgrade());
    expect(proxy.struck).toBe(true);
    expect({ answer, state: await readState(direct) }).toEqual({ answer: said, state });
    await migratorFor(direct, [first, asking]).upgrade();
    expect(await readState(direct)).toBe("after");
  });

  test("50 ms away, everything works", async () => {
    const { direct, disturbed } = await prepare({ delayMs: 50 });
    await migratorFor({ ...disturbed, timeoutMs: 30_000 }, [first, second]).upgrade();
    expect(await readState(direct)).toBe("after");
  });

  test("two runs at once, one of which loses its answer, apply the revision once", async () => {
    const { direct, disturbed } = await prepare({ fault: "answer-lost", strikes: /CREATE TABLE b/ });
    const runs = [disturbed, direct].map(
      async (options) => await say(migratorFor(options, [first, second]).upgrade()),
    );
    expect(await Promise.all(runs)).toEqual(["done", "done"]);
    expect(await readState(direct)).toBe("after");
  });
});

describeWithServer("a server that is killed", (server) => {
  test.each<[fault: Fault, said: readonly Said[], states: readonly State[]]>([
    ["cut-before", ["unknown"], ["before"]],
    ["cut-during", ["unknown"], ["before", "after"]],
    ["answer-lost", ["unknown"], ["after"]],
  ])("%s: leaves a revision applied or not, and the next run is right", async (fault, said, states) => {
    const direct = { url: `http://${server().host}`, namespace: await server().createNamespace() };
    await migratorFor(direct, [first]).upgrade();
    const proxy = await startFaultProxy({
      server: server().host,
      fault,
      strikes: /CREATE TABLE b/,
      atFault: async () => await server().kill(),
    });
    onTestFinished(async () => await proxy.close());
    const disturbed = { ...direct, url: `http://${proxy.host}`, timeoutMs: 2000 };
    expect(said).toContain(await say(migratorFor(disturbed, [first, second]).upgrade()));
    await server().start();
    expect(states).toContain(await readState(direct));
    await migratorFor(direct, [first, second]).upgrade();
    expect(await readState(direct)).toBe("after");
  });
});
