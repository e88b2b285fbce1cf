import type { BatchStatement } from "../batch/batch-plan.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { BulkInsertOperation, RowProgress } from "../ops/operation.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";
import type { CompileLimits } from "./compile-operation.ts";

/** More rows in one statement gain nothing and cost memory for its text and values. */
const mostRows = 500;

/**
 * Writes the rows as INSERT statements with bound values, as many rows in each as the engine binds. All
 * statements but the last have the same text, so that a driver prepares it once.
 *
 * @throws {SKM_UNSUPPORTED} one row has more values than the engine binds.
 */
export function compileBulkInsert(
  operation: BulkInsertOperation,
  limits: CompileLimits,
): readonly BatchStatement[] {
  const { table, rows, columns } = operation;
  if (rows.length === 0) return [];
  const size = Math.min(Math.floor(limits.parameters / columns.length), mostRows);
  if (size === 0) throw tooManyColumns(operation, limits);
  const full = rows.length >= size ? renderInsert(operation, size) : "";
  const statements: BatchStatement[] = [];
  for (let first = 0; first < rows.length; first += size) {
    const length = Math.min(size, rows.length - first);
    statements.push({
      sql: length === size ? full : renderInsert(operation, length),
      // Laid out when the statement is sent: all at once they would take as much memory again as the rows.
      get params() {
        return rows.slice(first, first + size).flat();
      },
      comment: describeChunk(operation, first, length),
      ...(rows.length > size ? { progress: progressOf(table, first + length, rows.length) } : {}),
    });
  }
  return statements;
}

/** Nobody waits for one statement. */
const progressOf = (table: string, rows: number, total: number): RowProgress => ({
  activity: "insert",
  table,
  rows,
  total,
});

function renderInsert(operation: BulkInsertOperation, rows: number): string {
  const { table, columns, onConflict } = operation;
  const verb = onConflict === undefined ? "INSERT" : `INSERT OR ${onConflict.toUpperCase()}`;
  const row = `(${Array.from(columns, () => "?").join(", ")})`;
  const values = Array.from({ length: rows }, () => row).join(",\n  ");
  return `${verb} INTO ${quoteIdentifier(table)} ${quoteIdentifierList(columns)} VALUES\n  ${values}`;
}

function describeChunk(operation: BulkInsertOperation, first: number, length: number): string {
  const { table, rows } = operation;
  const name = quoteForMessage(table);
  if (length === rows.length) return `insert ${length === 1 ? "1 row" : `${length} rows`} into ${name}`;
  return `insert rows ${first + 1} to ${first + length} of ${rows.length} into ${name}`;
}

function tooManyColumns(operation: BulkInsertOperation, limits: CompileLimits): MigrationError {
  const { table, columns } = operation;
  return new MigrationError(
    "SKM_UNSUPPORTED",
    `cannot insert rows into ${quoteForMessage(table)}: a row has ${columns.length} values and the engine binds ${limits.parameters}`,
    {
      details: { table, columns: columns.length, parameters: limits.parameters },
      hint: "insert fewer columns and set the others with op.execute",
    },
  );
}
