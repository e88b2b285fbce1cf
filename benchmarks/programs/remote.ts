// Migrates databases of a libSQL server of its own: `node remote.ts <single|fleet> <delay in ms> <rounds or databases>`.
import process from "node:process";
import { createMigrator, type Migrator, type Revision } from "@skillmeat/migrate-core";
import { libsql } from "@skillmeat/migrate-driver-libsql";
import { startSqld, type SqldServer } from "../../tools/src/sqld/start-sqld.ts";
import { rawMigration, sendRaw, type RawDatabase } from "../src/data/raw-hrana.ts";
import { startDelayProxy } from "../src/measure/delay-proxy.ts";
import type { Measures } from "../src/measure/run-program.ts";
import { median, medianRatio } from "../src/measure/statistics.ts";

const [, , mode, delay = "", count = ""] = process.argv;
const statements = Array.from({ length: 10 }, (_, table) => [
  `CREATE TABLE t${table} (id INTEGER PRIMARY KEY, name TEXT)`,
  `ALTER TABLE t${table} ADD COLUMN note TEXT`,
  `CREATE INDEX ix${table} ON t${table} (name)`,
]).flat();
const revision: Revision = {
  revision: "001",
  downRevision: null,
  upgrade: (op) => {
    for (const sql of statements) op.execute(sql);
  },
};
const atOnce = 32;

const server = await startSqld();
const proxy = await startDelayProxy(server.host, Number(delay));
try {
  const measure = mode === "fleet" ? measureFleet : measureSingle;
  process.stdout.write(`${JSON.stringify(await measure(server, Number(count)))}\n`);
} finally {
  await proxy.close();
  await server.dispose();
}

/** Through the proxy. */
async function makeDatabase(sqld: SqldServer): Promise<RawDatabase> {
  return { host: proxy.host, namespace: await sqld.createNamespace() };
}

interface Counted {
  readonly migrator: Migrator;
  requests(): number;
  /** Milliseconds that the step itself took. */
  stepMs(): number;
}

function migratorFor({ host, namespace }: RawDatabase): Counted {
  let requests = 0;
  let stepMs = 0;
  const driver = libsql({
    url: `http://${host}`,
    namespace,
    fetch: async (input, init) => {
      requests += 1;
      return await fetch(input, init);
    },
  });
  const migrator = createMigrator({
    driver,
    revisions: [revision],
    onEvent: (event) => {
      if (event.kind === "step-end") stepMs = event.durationMs;
    },
  });
  return { migrator, requests: () => requests, stepMs: () => stepMs };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measureSingle(sqld: SqldServer, rounds: number): Promise<Measures> {
  const times = { rawUnit: [], rawRead: [], step: [], run: [], noOp: [] } as Record<string, number[]>;
  const note = (name: string, value: number): unknown => times[name]?.push(value);
  const requests = { run: 0, noOp: 0 };
  for (let round = 0; round <= rounds; round += 1) {
    const [byHand, ours] = [await makeDatabase(sqld), await makeDatabase(sqld)];
    for (const database of [byHand, ours]) await sendRaw(database, ["SELECT 1"]);
    const rawUnit = await time(async () => await sendRaw(byHand, rawMigration(statements, "001")));
    const rawRead = await time(
      async () => await sendRaw(byHand, ["SELECT version_num FROM alembic_version"]),
    );
    const first = migratorFor(ours);
    const run = await time(async () => await first.migrator.upgrade());
    await first.migrator.close();
    const second = migratorFor(ours);
    const noOp = await time(async () => await second.migrator.upgrade());
    await second.migrator.close();
    requests.run = first.requests();
    requests.noOp = second.requests();
    // The first round warms up.
    if (round === 0) continue;
    note("rawUnit", rawUnit);
    note("rawRead", rawRead);
    note("step", first.stepMs());
    note("run", run);
    note("noOp", noOp);
  }
  const { rawUnit = [], rawRead = [], step = [], run = [], noOp = [] } = times;
  return {
    rawUnitMs: median(rawUnit),
    rawReadMs: median(rawRead),
    stepMs: median(step),
    runMs: median(run),
    noOpMs: median(noOp),
    stepRatio: medianRatio(step, rawUnit),
    runRatio: medianRatio(run, rawUnit),
    noOpRatio: medianRatio(noOp, rawRead),
    runRequests: requests.run,
    noOpRequests: requests.noOp,
  };
}

/**
 * By hand and by us, each on fresh databases, in the order A B B A: a server is slower the more databases it has
 * open. And how many of ours are not at head afterwards.
 */
async function measureFleet(sqld: SqldServer, databases: number): Promise<Measures> {
  const fleet = async (): Promise<readonly RawDatabase[]> => {
    const made: RawDatabase[] = [];
    for (let index = 0; index < databases / 2; index += 1) made.push(await makeDatabase(sqld));
    return made;
  };
  const byHand = async (half: readonly RawDatabase[]): Promise<void> => {
    await inParallel(half, async (database) => await sendRaw(database, rawMigration(statements, "001")));
  };
  let requests = 0;
  const ours = async (half: readonly RawDatabase[]): Promise<void> => {
    await inParallel(half, async (database) => {
      const counted = migratorFor(database);
      await counted.migrator.upgrade();
      await counted.migrator.close();
      requests += counted.requests();
    });
  };
  const halves = [await fleet(), await fleet(), await fleet(), await fleet()] as const;
  const [first, second, third, fourth] = halves;
  let rawMs = await time(async () => await byHand(first));
  let oursMs = await time(async () => await ours(second));
  oursMs += await time(async () => await ours(third));
  rawMs += await time(async () => await byHand(fourth));
  let behind = 0;
  await inParallel([...second, ...third], async (database) => {
    const { migrator } = migratorFor(database);
    if ((await migrator.current())[0] !== "001") behind += 1;
    await migrator.close();
  });
  return { rawMs, oursMs, requests, behind };
}

async function inParallel(
  databases: readonly RawDatabase[],
  work: (database: RawDatabase) => Promise<void>,
): Promise<void> {
  const queue = databases.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const database of queue) await work(database);
    }),
  );
}
