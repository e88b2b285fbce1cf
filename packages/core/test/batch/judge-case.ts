import Database from "better-sqlite3";
import type { Revision } from "@skillmeat/migrate-core";
import { encode, readRows, readState } from "./database-state.ts";
import { translate } from "./translate-operations.ts";
import type { VectorCase, VectorEnd, VectorProbe } from "./vector-case.ts";

/** The migration of a recorded case, as the only revision of a database. */
export function revisionOf(one: VectorCase): Revision {
  return {
    revision: "one",
    downRevision: null,
    upgrade: (op) => {
      for (const operation of one.operations) translate(op, operation);
    },
  };
}

/** `null` when the database is as it must or may be, else what is wrong. */
export function judgeCase(path: string, one: VectorCase, failure: unknown): unknown {
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
