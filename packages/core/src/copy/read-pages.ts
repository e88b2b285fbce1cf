import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { exactCell, type Encodings, type ExactCell } from "./exact-cell.ts";
import { exactColumns, pageOf, plainColumns, sizeOf, type TablePlan } from "./table-plan.ts";

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
    const page: Page =
      isExact || plain === undefined
        ? { kind: "exact", rows: await readExact(source, request, encodings) }
        : { kind: "plain", rows: plain };
    if (page.rows.length > 0) yield page;
    if (page.rows.length < limit) return;
    after = keyOf(plan, page);
  }
}

interface PageRequest {
  readonly plan: TablePlan;
  readonly after: readonly ExactCell[] | undefined;
  readonly limit: number;
}

async function chooseLimit(
  source: Executor,
  plan: TablePlan,
  after: readonly ExactCell[] | undefined,
): Promise<number> {
  const limit = Math.min(mostRows, Math.floor(pageBytes / Math.max(1, plan.largestRow)));
  if (limit >= fewRows) return limit;
  const sizes = await read(source, sizeOf(plan), { plan, after, limit: fewRows });
  let bytes = 0;
  const fitting = sizes.findIndex(([size]) => (bytes += Number(size)) > pageBytes);
  if (fitting === -1) return sizes.length;
  // One row is read however large it is.
  return Math.max(1, fitting);
}

async function read(
  source: Executor,
  columns: string,
  { plan, after, limit }: PageRequest,
): Promise<readonly (readonly SqlValue[])[]> {
  const key = after?.map((cell) => cell.sql);
  const params = [...(after?.flatMap((cell) => cell.params) ?? []), limit];
  return (await source.query({ sql: `SELECT ${columns} ${pageOf(plan, key)}`, params })).rows;
}

async function readPlain(source: Executor, request: PageRequest): Promise<readonly (readonly SqlValue[])[]> {
  return await read(source, plainColumns(request.plan), request);
}

async function readExact(
  source: Executor,
  request: PageRequest,
  encodings: Encodings,
): Promise<readonly (readonly ExactCell[])[]> {
  const rows = await read(source, exactColumns(request.plan), request);
  return rows.map((row) =>
    request.plan.columns.map((_, index) => exactCell(row[index * 2], row[index * 2 + 1] ?? null, encodings)),
  );
}

function holdsReplacement(row: readonly SqlValue[]): boolean {
  return row.some((value) => typeof value === "string" && value.includes("\uFFFD"));
}

/** The key of the last row. In a plain page it is the rowid, an integer. */
function keyOf({ key }: TablePlan, page: Page): readonly ExactCell[] {
  if (page.kind === "exact") {
    const last = page.rows.at(-1) ?? [];
    return key.map((index) => last[index] ?? { sql: "NULL", params: [] });
  }
  const last = page.rows.at(-1) ?? [];
  return key.map((index) => ({ sql: "?", params: [last[index] ?? null] }));
}
