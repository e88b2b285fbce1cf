import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Driver, Revision } from "@skillmeat/migrate-core";
import { migratorFor, openDriver, temporaryPath } from "../support/temporary-database.ts";
import { encode, readRows, readState } from "./database-state.ts";
import { translate } from "./translate-operations.ts";
import { readVectorCases, type VectorCase, type VectorEnd, type VectorProbe } from "./vector-case.ts";

const cases = readVectorCases();

describe("the recorded batch cases", () => {
  test.each(cases.map((one) => [one.id, one] as const))("%s", async (_id, one) => {
    const path = temporaryPath();
    prepare(path, one);
    const failure = await migrate(path, one, openDriver(path));
    const problem = judge(path, one, failure);
    expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
  });
});

const alters = cases.filter((one) => /"nullable"|check/u.test(JSON.stringify(one.operations)));

describe("the recorded batch cases that an engine without ALTER … CHECK and NOT NULL rebuilds for", () => {
  test.each(alters.map((one) => [one.id, one] as const))("%s", async (_id, one) => {
    const path = temporaryPath();
    prepare(path, one);
    const failure = await migrate(path, one, withoutAlterConstraints(path));
    const problem = judge(path, one, failure);
    expect(problem, failure instanceof Error ? failure.message : "it ended without an error").toBe(null);
  });
});

/** A driver for an engine before SQLite 3.53. */
function withoutAlterConstraints(path: string): Driver {
  const driver = openDriver(path);
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      return { ...connection, capabilities: { ...connection.capabilities, alterConstraints: false } };
    },
  };
}

function prepare(path: string, one: VectorCase): void {
  const database = new Database(path);
  database.pragma("foreign_keys = OFF");
  for (const sql of [...one.before, ...one.seed]) database.exec(sql);
  database.close();
}

async function migrate(path: string, one: VectorCase, driver: Driver): Promise<unknown> {
  const revision: Revision = {
    revision: "one",
    downRevision: null,
    upgrade: (op) => {
      for (const operation of one.operations) translate(op, operation);
    },
  };
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  try {
    await migratorFor(path, [revision], { foreignKeys, driver }).upgrade();
    return null;
  } catch (error) {
    return error;
  }
}

/** `null` when the database is as it must or may be, else what is wrong. */
function judge(path: string, one: VectorCase, failure: unknown): unknown {
  const { expected } = one;
  const database = new Database(path);
  try {
    const health = database.pragma("integrity_check", { simple: true });
    if (health !== "ok") return health;
    if (failure !== null) {
      const mayFail = expected.outcome === "error" || (expected.accept ?? []).includes("error");
      return mayFail
        ? compare(database, one, { state: { tables: {} }, reference_ddl: one.before }, true)
        : "it failed";
    }
    const ends: readonly VectorEnd[] = [
      ...(expected.outcome === "ok" ? [expected] : []),
      ...(expected.accept_states ?? []),
    ];
    if (ends.length === 0) return "it must be refused";
    const problems = ends.map((end) => compare(database, one, end, false));
    const index = problems.indexOf(null);
    if (index === -1) return problems[0];
    return index === 0 && expected.outcome === "ok" ? probeAll(path, expected.probes ?? []) : null;
  } finally {
    database.close();
  }
}

function compare(database: Database.Database, one: VectorCase, end: VectorEnd, isBefore: boolean): unknown {
  const reference = new Database(":memory:");
  try {
    for (const sql of end.reference_ddl ?? []) reference.exec(sql);
    if (isBefore) for (const sql of one.seed) reference.exec(sql);
    const found = readState(database);
    const wanted = readState(reference);
    const sequence = Object.entries(end.state.sqlite_sequence ?? {});
    const full = isBefore ? wanted : { ...wanted, sequence };
    if (JSON.stringify(found) !== JSON.stringify(full)) return { found, wanted: full };
    for (const table of Object.keys(wanted.tables)) {
      const recorded = end.state.tables[table];
      const rows = readRows(database, table, one.volatile ?? []);
      const wantedRows = isBefore
        ? readRows(reference, table, [])
        : (recorded?.rows?.map((row) => JSON.stringify(row)).toSorted() ?? rows);
      if (JSON.stringify(rows) !== JSON.stringify(wantedRows)) return { table, rows, wantedRows };
    }
    return null;
  } finally {
    reference.close();
  }
}

function probeAll(path: string, probes: readonly VectorProbe[]): unknown {
  for (const probe of probes) {
    const found = runProbe(path, probe);
    const { ok, rows } = probe.expect;
    const isSame =
      found.ok === ok && (!ok || rows === undefined || JSON.stringify(found.rows) === JSON.stringify(rows));
    if (!isSame) return { probe, found };
  }
  return null;
}

function runProbe(path: string, probe: VectorProbe): { ok: boolean; rows?: unknown; error?: unknown } {
  const original = new Database(path, { readonly: true });
  const database = new Database(original.serialize());
  original.close();
  try {
    database.pragma("foreign_keys = ON");
    let rows: unknown = [];
    for (const sql of typeof probe.sql === "string" ? [probe.sql] : probe.sql) {
      const statement = database.prepare<unknown[], unknown[]>(sql);
      if (statement.reader)
        rows = statement
          .raw()
          .all()
          .map((row) => row.map((value) => encode(value)));
      else statement.run();
    }
    return { ok: true, rows };
  } catch (error) {
    return { ok: false, error: String(error) };
  } finally {
    database.close();
  }
}
