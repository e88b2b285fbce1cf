import { expect, onTestFinished, test } from "vitest";
import { createMigrator, MigrationError, type Revision, type RunEvent } from "@skillmeat/migrate-core";
import { libsql, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeWithServer, readValues } from "../support/databases.ts";
import { startFaultProxy, type Fault, type FaultProxyOptions } from "../support/fault-proxy.ts";

/** Each with rows, so that a revision that ran twice would show. */
function makeRevisions(): readonly Revision[] {
  return ["a", "b", "c"].map((table, index, all) => ({
    revision: table,
    downRevision: all[index - 1] ?? null,
    upgrade: (op) => {
      op.execute(`CREATE TABLE IF NOT EXISTS ${table} (x)`);
      op.execute(`INSERT INTO ${table} VALUES (1)`);
    },
  }));
}

interface Report {
  readonly outcome: string;
  readonly steps: readonly string[];
  readonly codes: readonly string[];
}

async function upgrade(
  options: LibsqlOptions,
  revisions: readonly Revision[],
  target = "b",
): Promise<Report> {
  const events: RunEvent[] = [];
  const migrator = createMigrator({
    driver: libsql(options),
    revisions,
    onEvent: (event) => void events.push(event),
  });
  const codes = (): readonly string[] =>
    events.flatMap((event) => (event.kind === "warning" ? [event.code] : []));
  try {
    const { outcome, steps } = await migrator.upgrade(target);
    return { outcome, steps: steps.map(({ revision }) => revision), codes: codes() };
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return { outcome: error.code, steps: [], codes: codes() };
  } finally {
    await migrator.close();
  }
}

/** The head of a database of which every revision up to there was applied once. */
async function readHead(options: LibsqlOptions): Promise<string> {
  const [head, ...others] = await readValues(options, "SELECT version_num FROM alembic_version");
  expect(others).toEqual([]);
  const tables = await readValues(
    options,
    "SELECT name FROM sqlite_schema WHERE name IN ('a', 'b', 'c') ORDER BY name",
  );
  expect(tables).toEqual(["a", "b", "c"].slice(0, ["a", "b", "c"].indexOf(String(head)) + 1));
  for (const table of tables) {
    expect(await readValues(options, `SELECT x FROM ${String(table)}`)).toEqual([1]);
  }
  return String(head);
}

const done: Report = { outcome: "applied", steps: ["b"], codes: [] };
const recovered: Report = { ...done, codes: ["SKM_COMMIT_RECOVERED"] };
const failed = (outcome: string): Report => ({ outcome, steps: [], codes: [] });
const nothing: Report = { outcome: "nothing-to-do", steps: [], codes: [] };

describeWithServer("a fleet whose first request is disturbed", (server) => {
  /** A database at this revision, and a fleet of which the last one went from "a" to "b". */
  async function prepare(at: string, fault: Fault, more: Partial<FaultProxyOptions> = {}) {
    const database = async (head: string): Promise<LibsqlOptions> => {
      const options = { url: `http://${server().host}`, namespace: await server().createNamespace() };
      await upgrade(options, makeRevisions(), head);
      return options;
    };
    const revisions = makeRevisions();
    const direct = await database(at);
    expect(await upgrade(await database("a"), revisions)).toEqual(done);
    const proxy = await startFaultProxy({
      server: server().host,
      fault,
      strikes: /CREATE TABLE IF NOT EXISTS b/,
      ...more,
    });
    onTestFinished(async () => await proxy.close());
    return {
      direct,
      proxy,
      revisions,
      disturbed: { ...direct, url: `http://${proxy.host}`, timeoutMs: 500 },
    };
  }

  test.each<[fault: Fault, at: string, reports: readonly Report[], heads: readonly string[]]>([
    ["cut-before", "a", [failed("SKM_REMOTE_NETWORK")], ["a"]],
    ["half-request", "a", [failed("SKM_REMOTE_NETWORK")], ["a"]],
    ["cut-during", "a", [failed("SKM_REMOTE_NETWORK"), recovered], ["a", "b"]],
    ["answer-lost", "a", [recovered], ["b"]],
    ["half-answer", "a", [recovered], ["b"]],
    ["silent-before", "a", [failed("SKM_REMOTE_TIMEOUT")], ["a"]],
    ["silent-after", "a", [recovered], ["b"]],
    ["bad-gateway", "a", [recovered], ["b"]],
    // The answer that was lost said that there was nothing to do; nobody can tell any more.
    ["cut-before", "b", [recovered], ["b"]],
    ["answer-lost", "b", [recovered], ["b"]],
    ["silent-after", "b", [recovered], ["b"]],
    ["cut-before", "c", [nothing], ["c"]],
    ["answer-lost", "c", [nothing], ["c"]],
    ["silent-after", "c", [nothing], ["c"]],
  ])(
    "%s, at %s: each revision is applied once, and the run says the truth",
    async (fault, at, reports, heads) => {
      const { direct, proxy, revisions, disturbed } = await prepare(at, fault);
      const report = await upgrade(disturbed, revisions);
      expect(proxy.struck).toBe(true);
      expect(reports).toContainEqual(report);
      const head = await readHead(direct);
      expect(heads).toContain(head);
      expect(report.outcome.startsWith("SKM_")).toBe(head === "a");
      await upgrade(direct, revisions);
      expect(await readHead(direct)).toBe(at === "c" ? "c" : "b");
    },
  );

  test.each<[lateMs: number, report: Report, head: string]>([
    [100, recovered, "b"],
    [1200, failed("SKM_REMOTE_NETWORK"), "a"],
  ])("a request that arrives %i ms late: what the run says stays true", async (lateMs, said, head) => {
    const arrived = Promise.withResolvers<undefined>();
    const { direct, revisions, disturbed } = await prepare("a", "late", {
      lateMs,
      atFault: async () => arrived.resolve(undefined),
    });
    expect(await upgrade(disturbed, revisions)).toEqual(said);
    await arrived.promise;
    expect(await readHead(direct)).toBe(head);
    await upgrade(direct, revisions);
    expect(await readHead(direct)).toBe("b");
  });

  test.each<[fault: Fault]>([["answer-lost"], ["silent-before"], ["cut-before"]])(
    "%s: several runs that suppose the same apply it once",
    async (fault) => {
      const { direct, revisions, disturbed } = await prepare("a", fault);
      const reports = await Promise.all(
        [disturbed, direct, direct].map(async (options) => await upgrade(options, revisions)),
      );
      expect(reports.slice(1).map(({ outcome }) => outcome.startsWith("SKM_"))).toEqual([false, false]);
      expect(await readHead(direct)).toBe("b");
    },
  );

  test.each<[fault: Fault, head: string]>([
    ["cut-before", "a"],
    ["answer-lost", "b"],
  ])(
    "%s by a server that is killed: the outcome is unknown, and the next run is right",
    async (fault, head) => {
      const { direct, revisions } = await prepare("a", "bad-gateway");
      const proxy = await startFaultProxy({
        server: server().host,
        fault,
        strikes: /CREATE TABLE IF NOT EXISTS b/,
        atFault: async () => await server().kill(),
      });
      onTestFinished(async () => await proxy.close());
      const disturbed = { ...direct, url: `http://${proxy.host}`, timeoutMs: 2000 };
      expect(await upgrade(disturbed, revisions)).toEqual(failed("SKM_COMMIT_UNKNOWN"));
      await server().start();
      expect(await readHead(direct)).toBe(head);
      await upgrade(direct, revisions);
      expect(await readHead(direct)).toBe("b");
    },
  );
});
