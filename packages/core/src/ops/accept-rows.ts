import type { SqlValue } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { isRecord, list, wrongType } from "./accept.ts";
import { acceptName } from "./accept-sql.ts";
import { acceptValue } from "./accept-values.ts";
import type { Place } from "./place.ts";

/** The rows of a bulk insert as columns and values. */
export interface AcceptedRows {
  readonly columns: readonly string[];
  readonly rowCount: number;
  readonly blocks: readonly (readonly SqlValue[])[];
}

/**
 * Values in a block, unless one row has more. That many a local engine inserts with one statement: a longer one
 * costs more to run than it saves in calls, as measured on rows of five columns.
 */
const blockValues = 250;

const acceptColumns = list(acceptName);

/**
 * Accepts rows as objects. The columns are those given, else the properties of the first row; every row must
 * have exactly these, so that a forgotten or misspelt property is no silent NULL.
 *
 * @throws {TypeError} not an array of objects.
 * @throws {SKM_VALUE} a row lacks a column, has another one, or has a value that SQLite does not store.
 * @throws {SKM_IDENTIFIER} a column name.
 */
export function acceptRows(rows: unknown, columns: unknown, place: Place): AcceptedRows {
  if (!Array.isArray(rows)) throw wrongType(rows, place, "an array of rows");
  const items: readonly unknown[] = rows;
  const first = items[0];
  const names = columns ?? (isRecord(first) ? Object.keys(first) : []);
  if (items.length === 0 && columns === undefined) return { columns: [], rowCount: 0, blocks: [] };
  const accepted = acceptColumns(names, { parent: place, key: "columns", value: names });
  return { columns: accepted, rowCount: items.length, blocks: acceptBlocks(items, accepted, place) };
}

/**
 * Copies the values into blocks: a list of its own for each of a million rows would take longer to make, to
 * freeze and to sweep up than the rows to insert.
 */
function acceptBlocks(
  items: readonly unknown[],
  columns: readonly string[],
  place: Place,
): readonly (readonly SqlValue[])[] {
  const blocks: (readonly SqlValue[])[] = [];
  const blockRows = Math.max(1, Math.floor(blockValues / columns.length));
  for (let start = 0; start < items.length; start += blockRows) {
    const block: SqlValue[] = [];
    const end = Math.min(start + blockRows, items.length);
    for (let index = start; index < end; index += 1) {
      const row = items[index];
      if (copyPlain(row, columns, block)) continue;
      block.push(...acceptRow(row, columns, { parent: place, key: index, value: row }));
    }
    blocks.push(Object.freeze(block));
  }
  return Object.freeze(blocks);
}

/**
 * Appends a row in which nothing has to be explained or copied, as nearly all are: its columns in their order. Of
 * any other it appends nothing, and it has to be looked at closely.
 */
function copyPlain(row: unknown, columns: readonly string[], block: SqlValue[]): boolean {
  const { length } = block;
  if (isPlainObject(row) && appendInOrder(row, columns, block)) return true;
  block.length = length;
  return false;
}

/** The loop that engines make fastest; without a prototype of its own, a row has no inherited properties in it. */
function appendInOrder(
  row: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  block: SqlValue[],
): boolean {
  let index = 0;
  for (const key in row) {
    const value = row[key];
    if (key !== columns[index] || !isPlain(value)) return false;
    block.push(value);
    index += 1;
  }
  return index === columns.length;
}

function isPlainObject(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === "object" && row !== null && Object.getPrototypeOf(row) === Object.prototype;
}

function isPlain(value: unknown): value is string | number | null {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value === "number" ? Number.isFinite(value) : value === null;
}

function acceptRow(row: unknown, columns: readonly string[], place: Place): readonly SqlValue[] {
  if (!isRecord(row))
    throw wrongType(row, { ...place, value: undefined }, "an object of column names and values");
  const values: SqlValue[] = [];
  for (const column of columns) {
    if (!Object.hasOwn(row, column)) throw mismatch(column, place, "has no value for the column");
    values.push(
      acceptValue(row[column], () => `column ${quoteForMessage(column)} of row ${rowNumber(place)}`),
    );
  }
  const extra = Object.keys(row).length === columns.length ? undefined : findExtra(row, columns);
  if (extra !== undefined) throw mismatch(extra, place, "has a value for the unknown column");
  return values;
}

function findExtra(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string | undefined {
  const known = new Set(columns);
  return Object.keys(row).find((key) => !known.has(key));
}

function rowNumber(place: Place): number {
  return typeof place.key === "number" ? place.key + 1 : 0;
}

function mismatch(column: string, place: Place, problem: string): MigrationError {
  const row = rowNumber(place);
  return new MigrationError(
    "SKM_VALUE",
    `cannot insert row ${row}: it ${problem} ${quoteForMessage(column)}`,
    {
      details: { row, column },
      hint: "give every row the same columns, with null for NULL, or name the columns in the options",
    },
  );
}
