import type { Executor } from "../driver/driver.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

/**
 * The rows that break a foreign key, each as one text; the same row breaking two keys stands twice. Rows of a
 * table WITHOUT ROWID cannot be told apart (their rowid is NULL), so equal ones are numbered.
 */
export async function readViolations(executor: Executor): Promise<ReadonlySet<string>> {
  const { rows } = await executor.query({
    sql: 'SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check',
  });
  const counts = new Map<string, number>();
  return new Set(
    rows.map((row) => {
      const violation = row.map(String);
      const count = (counts.get(violation.join("\0")) ?? 0) + 1;
      counts.set(violation.join("\0"), count);
      return JSON.stringify([...violation, String(count)]);
    }),
  );
}

/**
 * Fails when the transaction leaves violations that were not there before. Old ones are not this run's
 * fault, and failing on them would block every upgrade of a database that has them.
 *
 * @see https://sqlite.org/pragma.html#pragma_foreign_key_check
 * @throws {MigrationError} SKM_FOREIGN_KEY naming the first rows.
 */
export async function assertNoNewViolations(executor: Executor, before: ReadonlySet<string>): Promise<void> {
  const found = [...(await readViolations(executor))].filter((violation) => !before.has(violation));
  if (found.length === 0) return;
  const violations = found.map(parseViolation);
  const shown = violations.slice(0, 5).map(({ table, rowid, parent }) => {
    return `${quoteForMessage(table)} row ${rowid} refers to a missing row of ${quoteForMessage(parent)}`;
  });
  throw new MigrationError(
    "SKM_FOREIGN_KEY",
    `${found.length} rows would break a foreign key: ${shown.join("; ")}`,
    {
      details: { violations: violations.slice(0, 100), count: violations.length },
      hint: 'delete or repair these rows in the revision; no ON DELETE action fires in a transaction whose foreign keys are suspended, and transactionPer "revision" keeps a rebuild in another revision from suspending them here',
    },
  );
}

function parseViolation(text: string): { table: string; rowid: string; parent: string } {
  const [table = "", rowid = "", parent = ""]: string[] = JSON.parse(text);
  return { table, rowid, parent };
}
