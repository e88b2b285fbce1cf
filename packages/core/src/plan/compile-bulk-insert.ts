import type { BatchStatement } from "../batch/batch-plan.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { SqlValue } from "../driver/statement.ts";
import type { BulkInsertOperation } from "../ops/operation.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";
import type { CompileLimits } from "./compile-operation.ts";

/** Rows in a request: more gain nothing and cost memory. */
const remoteRows = 500;
/** Rows after which a statement says how far they are; nobody waits for as many. */
const tellAfter = 500;

/**
 * Writes the rows as INSERT statements with bound values, a block in each, or several where each statement is a
 * request. Nearly all statements have the same text, so that a driver prepares it once.
 *
 * @throws {SKM_UNSUPPORTED} one row has more values than the engine binds.
 */
export function compileBulkInsert(
  operation: BulkInsertOperation,
  limits: CompileLimits,
): readonly BatchStatement[] {
  const { table, blocks, columns, rowCount } = operation;
  if (rowCount === 0) return [];
  const width = columns.length;
  const size = Math.floor(limits.parameters / width);
  if (size === 0) throw tooManyColumns(operation, limits);
  const pieces = limits.isRemote === true ? join(blocks, Math.min(size, remoteRows) * width) : blocks;
  const texts = new Map<number, string>();
  const textFor = (rows: number): string => {
    const text = texts.get(rows) ?? renderInsert(operation, rows);
    texts.set(rows, text);
    return text;
  };
  let first = 0;
  const statements: BatchStatement[] = [];
  let told = 0;
  for (const params of pieces.flatMap((piece) => cut(piece, size * width))) {
    const rows = params.length / width;
    const statement = { sql: textFor(rows), params, comment: describeChunk(operation, first, rows) };
    first += rows;
    const isTold = rowCount > tellAfter && (first - told >= tellAfter || first === rowCount);
    if (isTold) told = first;
    statements.push(
      isTold
        ? { ...statement, progress: { activity: "insert", table, rows: first, total: rowCount } }
        : statement,
    );
  }
  return statements;
}

/** Puts neighbours together as long as they have at most so many values. */
function join(blocks: readonly (readonly SqlValue[])[], most: number): readonly (readonly SqlValue[])[] {
  const joined: SqlValue[][] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (last !== undefined && last.length + block.length <= most) last.push(...block);
    else joined.push([...block]);
  }
  return joined;
}

function cut(block: readonly SqlValue[], size: number): readonly (readonly SqlValue[])[] {
  if (block.length <= size) return [block];
  const starts = Array.from({ length: Math.ceil(block.length / size) }, (_, index) => index * size);
  return starts.map((start) => block.slice(start, start + size));
}

function renderInsert(operation: BulkInsertOperation, rows: number): string {
  const { table, columns, onConflict } = operation;
  const verb = onConflict === undefined ? "INSERT" : `INSERT OR ${onConflict.toUpperCase()}`;
  const row = `(${Array.from(columns, () => "?").join(", ")})`;
  const values = Array.from({ length: rows }, () => row).join(",\n  ");
  return `${verb} INTO ${quoteIdentifier(table)} ${quoteIdentifierList(columns)} VALUES\n  ${values}`;
}

function describeChunk(operation: BulkInsertOperation, first: number, length: number): string {
  const { table, rowCount } = operation;
  const name = quoteForMessage(table);
  if (length === rowCount) return `insert ${length === 1 ? "1 row" : `${length} rows`} into ${name}`;
  return `insert rows ${first + 1} to ${first + length} of ${rowCount} into ${name}`;
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
