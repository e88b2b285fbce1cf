import type { Capabilities } from "../driver/capabilities.ts";
import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";
import type { ExactCell } from "./exact-cell.ts";
import type { Page } from "./read-pages.ts";
import type { TablePlan } from "./table-plan.ts";

/** Inserts pages of rows into one table. */
export interface RowWriter {
  write(page: Page): Promise<void>;
  /** Inserts what waits for a full statement. */
  flush(): Promise<void>;
}

/** Values in one statement of a local engine: enough to cost little, few enough for its text to be kept. */
const localValues = 1000;
/** Values in one statement that has an expression for each. */
const exactValues = 10_000;

/** Many rows go into one statement; on a server as many as it takes, because each statement is a request. */
export function createRowWriter(
  target: Executor,
  plan: TablePlan,
  { lock, limits }: Pick<Capabilities, "lock" | "limits">,
): RowWriter {
  const width = plan.columns.length;
  const values = lock === "server" ? limits.parameters : Math.min(localValues, limits.parameters);
  const rowsPerStatement = Math.max(1, Math.floor(values / width));
  const head = `INSERT INTO ${quoteIdentifier(plan.name)} ${quoteIdentifierList(plan.columns)} VALUES `;
  const row = `(${Array.from({ length: width }, () => "?").join(", ")})`;
  const textFor = memoize((rows) => head + Array.from({ length: rows }, () => row).join(", "));
  let waiting: (readonly SqlValue[])[] = [];

  const insert = async (rows: readonly (readonly SqlValue[])[]): Promise<void> => {
    await target.query({ sql: textFor(rows.length), params: rows.flat() });
  };
  const flush = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    if (rows.length > 0) await insert(rows);
  };
  return {
    flush,
    write: async (page) => {
      if (page.kind === "exact") {
        await flush();
        const size = Math.max(1, Math.floor(Math.min(exactValues, limits.parameters) / width));
        for (const rows of cut(page.rows, size)) await insertExact(target, head, rows);
        return;
      }
      for (const rows of cut([...waiting, ...page.rows], rowsPerStatement)) {
        waiting = [...rows];
        if (rows.length === rowsPerStatement) await flush();
      }
      if (lock === "server") await flush();
    },
  };
}

async function insertExact(
  target: Executor,
  head: string,
  rows: readonly (readonly ExactCell[])[],
): Promise<void> {
  const texts = rows.map((row) => `(${row.map(({ sql }) => sql).join(", ")})`);
  const params = rows.flatMap((row) => row.flatMap((cell) => cell.params));
  await target.query({ sql: head + texts.join(", "), params });
}

function cut<T>(rows: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}

function memoize(render: (count: number) => string): (count: number) => string {
  const known = new Map<number, string>();
  return (count) => {
    const text = known.get(count) ?? render(count);
    known.set(count, text);
    return text;
  };
}
