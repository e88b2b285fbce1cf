import { quoteIdentifier } from "../sql/quote-identifier.ts";

/** How the rows of one table are read and written. */
export interface TablePlan {
  readonly name: string;
  /** What is read and inserted: all columns that hold something, and the rowid where none of them is it. */
  readonly columns: readonly string[];
  /** What tells rows apart and orders them. */
  readonly key: readonly KeyPart[];
  readonly rows: number;
  /** Bytes of the largest row, as it travels. */
  readonly largestRow: number;
  /** Some values would change if they were read and bound as they are: each is then sent with its type. */
  readonly isExact: boolean;
}

export interface KeyPart {
  /** Place in the columns of the plan. */
  readonly index: number;
  /** How the key compares texts, which its column may do otherwise; `undefined` for an integer. */
  readonly collation: string | undefined;
}

/** What a value costs in an answer besides its bytes. */
const bytesPerValue = 40;
/** Terms in one expression: SQLite allows a depth of 1,000 (sqlite.org/limits.html). */
const termsPerGroup = 100;
const largestFinite = "1.7976931348623157e308";

export interface ColumnAffinity {
  readonly name: string;
  /** Whether the column keeps a REAL with an integral value as it is: one without affinity does. */
  readonly keepsReals: boolean;
}

/**
 * Asks for the number of rows, the bytes of the largest, and whether any holds a value that JavaScript or a
 * library would change on the way: text with NUL, a REAL that looks like an integer, an infinite number.
 */
export function measureSql(table: string, columns: readonly ColumnAffinity[]): string {
  const sizes = columns.map(({ name }) => `ifnull(octet_length(${quoteIdentifier(name)}), 0)`);
  const flags = columns.map(flagOf);
  const size = `${joinTerms(sizes, "+")} + ${bytesPerValue * columns.length}`;
  return `SELECT count(*), max(${size}), max(${joinTerms(flags, "OR")}) FROM ${quoteIdentifier(table)}`;
}

function flagOf({ name, keepsReals }: ColumnAffinity): string {
  const column = quoteIdentifier(name);
  const infinite = `abs(${column}) > ${largestFinite}`;
  const integral = `${column} = CAST(${column} AS INTEGER)`;
  const real = keepsReals ? `(${infinite} OR ${integral})` : infinite;
  return `CASE typeof(${column}) WHEN 'text' THEN instr(${column}, char(0)) > 0 WHEN 'real' THEN ${real} ELSE 0 END`;
}

function joinTerms(terms: readonly string[], operator: string): string {
  if (terms.length <= termsPerGroup) return terms.join(` ${operator} `);
  const groups = Array.from({ length: Math.ceil(terms.length / termsPerGroup) }, (_, index) =>
    terms.slice(index * termsPerGroup, (index + 1) * termsPerGroup),
  );
  return groups.map((group) => `(${group.join(` ${operator} `)})`).join(` ${operator} `);
}

/** Reads columns as they are. */
export function plainTerms(plan: TablePlan): readonly string[] {
  return plan.columns.map(quoteIdentifier);
}

/**
 * Reads each column as two terms: its storage class, and a value that no library and no protocol changes: text
 * as its bytes, an infinite number as its sign.
 */
export function exactTerms(plan: TablePlan): readonly string[] {
  return plan.columns
    .map(quoteIdentifier)
    .flatMap((column) => [
      `typeof(${column})`,
      `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) WHEN 'real' THEN iif(abs(${column}) > ${largestFinite}, iif(${column} > 0, '+', '-'), ${column}) ELSE ${column} END`,
    ]);
}

/** What stands in parentheses after the name of the table that is measured for one page. */
export function sizeOf(plan: TablePlan): string {
  const sizes = plan.columns.map((name) => `ifnull(octet_length(${quoteIdentifier(name)}), 0)`);
  return `${joinTerms(sizes, "+")} + ${bytesPerValue * plan.columns.length}`;
}

/** `FROM … WHERE key > … ORDER BY key LIMIT ?`; `after` is the SQL of the last key. */
export function pageOf(plan: TablePlan, after: readonly string[] | undefined): string {
  const key = plan.key.map(({ index, collation }) => {
    const column = quoteIdentifier(plan.columns[index] ?? "");
    return collation === undefined ? column : `${column} COLLATE ${quoteIdentifier(collation)}`;
  });
  const order = key.join(", ");
  const where = after === undefined ? "" : `WHERE (${order}) > (${after.join(", ")}) `;
  return `FROM ${quoteIdentifier(plan.name)} ${where}ORDER BY ${order} LIMIT ?`;
}
