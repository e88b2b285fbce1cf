import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { readerTableName } from "../version/reader-table.ts";
import { followColumn, followTable } from "./follow-renames.ts";

/** What a table held at one moment of a transaction. */
export interface TableContent {
  readonly rows: number;
  readonly columns: readonly string[];
}

export type Contents = ReadonlyMap<string, TableContent>;

/** Data that was there before and is not there after. */
export interface DataLoss {
  readonly table: string;
  /** The lost column, or `null` when rows are lost. */
  readonly column: string | null;
  /** Rows that are gone, or rows whose column is gone. */
  readonly rows: number;
}

/**
 * Counts the rows of every ordinary table and lists its columns. Virtual tables, their shadow tables and
 * SQLite's own are left out: what they hold follows from other tables or cannot be counted cheaply.
 *
 * @see https://sqlite.org/pragma.html#pragma_table_list
 */
export async function readContents(executor: Executor, versionTable: string): Promise<Contents> {
  const { rows } = await executor.query({
    sql: `SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name NOT IN (?, ?)
ORDER BY t.name, c.cid`,
    params: [versionTable, readerTableName],
  });
  const columns = new Map<string, string[]>();
  for (const [table, column] of rows) {
    const name = asText(table);
    const list = columns.get(name);
    if (list === undefined) columns.set(name, [asText(column)]);
    else list.push(asText(column));
  }
  const contents = new Map<string, TableContent>();
  for (const [name, list] of columns) {
    const counted = await executor.query({ sql: `SELECT count(*) FROM ${quoteIdentifier(name)}` });
    contents.set(name, { rows: Number(counted.rows[0]?.[0] ?? 0), columns: list });
  }
  return contents;
}

const asText = (value: SqlValue | undefined): string => (typeof value === "string" ? value : String(value));

/** Compares two moments, following the renames that the revisions recorded. */
export function diffContents(
  before: Contents,
  after: Contents,
  operations: readonly Operation[],
): readonly DataLoss[] {
  const losses: DataLoss[] = [];
  for (const [table, content] of before) {
    if (content.rows === 0) continue;
    const renamed = followTable(table, operations);
    const now = after.get(renamed);
    const lost = content.rows - (now?.rows ?? 0);
    if (lost > 0) losses.push({ table, column: null, rows: lost });
    if (now === undefined) continue;
    for (const column of content.columns) {
      if (!now.columns.includes(followColumn(table, column, operations))) {
        losses.push({ table, column, rows: content.rows });
      }
    }
  }
  return losses;
}

/** @throws {MigrationError} SKM_DESTRUCTIVE listing what would be lost. */
export function assertNoLoss(losses: readonly DataLoss[]): void {
  if (losses.length === 0) return;
  const shown = losses.slice(0, 20).map(describeLoss);
  const more = losses.length > 20 ? `, and ${losses.length - 20} more` : "";
  throw new MigrationError("SKM_DESTRUCTIVE", `the run would delete data: ${shown.join(", ")}${more}`, {
    details: { losses },
    hint: "make a backup first, then confirm with --yes",
  });
}

function describeLoss(loss: DataLoss): string {
  const rows = loss.rows === 1 ? "1 row" : `${loss.rows} rows`;
  return loss.column === null
    ? `${rows} of table ${quoteForMessage(loss.table)}`
    : `column ${quoteForMessage(`${loss.table}.${loss.column}`)} of ${rows}`;
}
