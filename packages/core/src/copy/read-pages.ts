import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { exactCell, type Encodings, type ExactCell } from "./exact-cell.ts";
import type { TextEncoding } from "./text-encoding.ts";
import { exactTerms, pageOf, plainTerms, sizeOf, type TablePlan } from "./table-plan.ts";

/** Some rows of a table: values to be bound as they are, or SQL for each. */
export type Page =
  | { readonly kind: "plain"; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: "exact"; readonly rows: readonly (readonly ExactCell[])[] };

/** Bytes of a page, as it travels: a server of ours answers 10 MB at most. */
const pageBytes = 1_048_576;
const mostRows = 5000;
/** Where the largest row leaves room for fewer rows than this, each page is measured. */
const fewRows = 250;

/**
 * Reads all rows of a table in the order of its key, a bounded number of bytes at a time. A page goes on behind
 * the last key of the one before, so each costs the same however large the table is.
 */
export async function* readPages(
  source: Executor,
  plan: TablePlan,
  encodings: Encodings,
): AsyncGenerator<Page, void, undefined> {
  let { isExact } = plan;
  let after: readonly ExactCell[] | undefined;
  for (;;) {
    const limit = await chooseLimit(source, plan, after);
    if (limit === 0) return;
    const request = { plan, after, limit };
    const plain = isExact ? undefined : await readPlain(source, request);
    // A library writes U+FFFD for bytes that are no text.
    isExact ||= plain?.some(holdsReplacement) === true;
    const exact = isExact || plain === undefined ? await readTerms(source, exactTerms(plan), request) : [];
    const page: Page =
      isExact || plain === undefined
        ? { kind: "exact", rows: exact.map((row) => cellsOf(row, encodings)) }
        : { kind: "plain", rows: plain };
    if (page.rows.length > 0) yield page;
    if (page.rows.length < limit) return;
    after = keyOf(plan, page, { row: exact.at(-1) ?? [], encoding: encodings.from });
  }
}

export interface PageRequest {
  readonly plan: TablePlan;
  /** The key of the row before; `undefined` for the first page. */
  readonly after: readonly ExactCell[] | undefined;
  /** -1: no limit. */
  readonly limit: number;
}

async function chooseLimit(
  source: Executor,
  plan: TablePlan,
  after: readonly ExactCell[] | undefined,
): Promise<number> {
  const limit = Math.min(mostRows, Math.floor(pageBytes / Math.max(1, plan.largestRow)));
  if (limit >= fewRows) return limit;
  const sizes = await readTerms(source, [sizeOf(plan)], { plan, after, limit: fewRows });
  let bytes = 0;
  const fitting = sizes.findIndex(([size]) => (bytes += Number(size)) > pageBytes);
  if (fitting === -1) return sizes.length;
  // One row is read however large it is.
  return Math.max(1, fitting);
}

/** Columns of a result (sqlite.org/limits.html, SQLITE_MAX_COLUMN). */
const mostTerms = 2000;

/** Reads a page, where it is wide in several queries for the same rows: the source does not change meanwhile. */
export async function readTerms(
  source: Executor,
  terms: readonly string[],
  { plan, after, limit }: PageRequest,
): Promise<readonly (readonly SqlValue[])[]> {
  const page = pageOf(
    plan,
    after?.map((cell) => cell.sql),
  );
  const params = [...(after?.flatMap((cell) => cell.params) ?? []), limit];
  const parts: (readonly (readonly SqlValue[])[])[] = [];
  for (let start = 0; start < terms.length; start += mostTerms) {
    const columns = terms.slice(start, start + mostTerms).join(", ");
    parts.push((await source.query({ sql: `SELECT ${columns} ${page}`, params })).rows);
  }
  const [first = [], ...more] = parts;
  if (more.length === 0) return first;
  return first.map((row, index) => [...row, ...more.flatMap((rows) => rows[index] ?? [])]);
}

async function readPlain(source: Executor, request: PageRequest): Promise<readonly (readonly SqlValue[])[]> {
  return await readTerms(source, plainTerms(request.plan), request);
}

function cellsOf(row: readonly SqlValue[], encodings: Encodings): readonly ExactCell[] {
  return Array.from({ length: row.length / 2 }, (_, index) => cellAt(row, index, encodings));
}

function cellAt(row: readonly SqlValue[], index: number, encodings: Encodings): ExactCell {
  return exactCell(row[index * 2], row[index * 2 + 1] ?? null, encodings);
}

function holdsReplacement(row: readonly SqlValue[]): boolean {
  return row.some((value) => typeof value === "string" && value.includes("\uFFFD"));
}

interface LastRow {
  /** As `exactTerms` reads it. */
  readonly row: readonly SqlValue[];
  /** How the source, which compares with it, stores text. */
  readonly encoding: TextEncoding;
}

/** The key of the last row, as the source understands it. In a plain page it is the rowid, an integer. */
function keyOf({ key }: TablePlan, page: Page, { row, encoding }: LastRow): readonly ExactCell[] {
  if (page.kind === "exact") {
    return key.map(({ index }) => cellAt(row, index, { from: encoding, to: encoding }));
  }
  const last = page.rows.at(-1) ?? [];
  return key.map(({ index }) => ({ sql: "?", params: [last[index] ?? null] }));
}
