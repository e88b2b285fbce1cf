import type { Statement } from "../driver/statement.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";
import { cellSql } from "./cell.ts";
import type { EndState, TableRows } from "./snapshot-document.ts";

/** Values in one INSERT: enough to cost little, and fewer than any engine refuses. */
const valuesPerInsert = 500;

/**
 * The statements that make an empty database in UTF-8 hold an end state, in one transaction. Rows come before
 * triggers, which would fire. References between rows are checked once all of them are there.
 */
export function snapshotStatements(state: EndState): readonly Statement[] {
  const { schema, settings, rows, rebuilds, triggers, userVersion, applicationId } = state;
  return [
    ...(rows.length === 0 ? [] : [{ sql: "PRAGMA defer_foreign_keys = ON" }]),
    ...(state.sequences === null || schema.some((sql) => /\bAUTOINCREMENT\b/iu.test(sql))
      ? []
      : sequenceTable),
    ...schema.map((sql) => ({ sql })),
    ...settings.map(({ sql, values }) => ({ sql, params: values.flatMap((cell) => cellSql(cell).params) })),
    ...rows.flatMap(insertRows),
    ...(state.sequences === null ? [] : replaceRows(state.sequences)),
    ...rebuilds.map((sql) => ({ sql })),
    // Makes the tables of statistics, and nothing else (sqlite.org/lang_analyze.html).
    ...(state.statistics.length === 0 ? [] : [{ sql: "ANALYZE sqlite_schema" }]),
    ...state.statistics.flatMap(replaceRows),
    ...(rows.length === 0 ? [] : [noOrphans, { sql: "PRAGMA defer_foreign_keys = OFF" }]),
    ...triggers.map((sql) => ({ sql })),
    ...(userVersion === 0 ? [] : [{ sql: `PRAGMA user_version = ${userVersion}` }]),
    ...(applicationId === 0 ? [] : [{ sql: `PRAGMA application_id = ${applicationId}` }]),
  ];
}

/** SQLite keeps its table of sequences when the last table that needs it is dropped. */
const sequenceTable: readonly Statement[] = [
  { sql: 'CREATE TABLE "skm_sequence" (id INTEGER PRIMARY KEY AUTOINCREMENT)' },
  { sql: 'DROP TABLE "skm_sequence"' },
];

/** Switching the PRAGMA off forgets what it has deferred (sqlite.org/pragma.html#pragma_defer_foreign_keys). */
const noOrphans: Statement = {
  sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM pragma_foreign_key_check) THEN json('rows would break a foreign key') END",
};

function replaceRows(table: TableRows): readonly Statement[] {
  return [{ sql: `DELETE FROM ${quoteIdentifier(table.table)}` }, ...insertRows(table)];
}

function insertRows({ table, columns, rows }: TableRows): readonly Statement[] {
  const head = `INSERT INTO ${quoteIdentifier(table)} ${quoteIdentifierList(columns)} VALUES `;
  const size = Math.max(1, Math.floor(valuesPerInsert / columns.length));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => {
    const cells = rows.slice(index * size, (index + 1) * size).map((row) => row.map(cellSql));
    return {
      sql: head + cells.map((row) => `(${row.map(({ sql }) => sql).join(", ")})`).join(", "),
      params: cells.flatMap((row) => row.flatMap(({ params }) => params)),
    };
  });
}
