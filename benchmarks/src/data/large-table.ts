import { openDatabase } from "./engine.ts";

/** Whether the indexes of the table are made by CREATE INDEX, or by UNIQUE constraints on the same columns. */
export type IndexKind = "index" | "unique";

const types = {
  c1: "TEXT",
  c2: "INT",
  c3: "TEXT",
  c4: "INT",
  c5: "REAL",
  c6: "TEXT",
  c7: "INT",
  c8: "TEXT",
  c9: "VARCHAR(20)",
};

const uniques = ", UNIQUE (c1), UNIQUE (c2), UNIQUE (c6, c4)";

/** `CREATE TABLE` of the table with 10 columns, with other types where told. */
export function largeTableSql(
  name: string,
  kind: IndexKind,
  changed: Partial<Record<keyof typeof types, string>> = {},
): string {
  const columns = Object.entries({ ...types, ...changed }).map(([column, type]) => `${column} ${type}`);
  const constraints = kind === "unique" ? uniques : "";
  return `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, ${columns.join(", ")}${constraints})`;
}

export const largeTableIndexes: string =
  "CREATE INDEX t_c1 ON t (c1); CREATE INDEX t_c2 ON t (c2); CREATE INDEX t_c6 ON t (c6, c4);";

/** Writes a file with the table, its rows of about 130 bytes, and its 3 indexes. */
export function writeLargeTable(path: string, kind: IndexKind, rows: number): void {
  const database = openDatabase(path);
  database.exec(`PRAGMA journal_mode = wal; ${largeTableSql("t", kind)};
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO t SELECT i, 'name ' || i, i * 7919 % 1000003, 'kind ' || i % 50, i % 1000, i / 3.0,
      hex(i * 2654435761 % 4294967296), i % 7, 'some text of a length', 'v' || i % 1000 FROM n;
    ${kind === "index" ? largeTableIndexes : ""}`);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}
