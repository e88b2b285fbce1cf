import type { SqlOptions } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject } from "../project/open-project.ts";

/** Options that say how to work on a database. */
const onlyOnline = ["dry-run", "yes", "purge", "backup"] as const;

/** `--sql`: writes the script of a run instead of running it. Nothing is written before all of it is known. */
export async function printSql(
  invocation: Invocation,
  command: NonNullable<SqlOptions["command"]>,
): Promise<number> {
  const { arguments: parsed, output } = invocation;
  const other = onlyOnline.find((name) => parsed.switches.has(name));
  if (other !== undefined)
    throw usageError(`--sql and --${other} exclude each other`, "leave one of them out");
  if (parsed.operands.length > 1) {
    throw usageError("--sql takes one revision or range", "write one script after the other");
  }
  const range = parsed.operands[0] ?? "head";
  return await withProject(invocation, async ({ migrator }) => {
    const sql = await migrator.sql(range, { command });
    output.write({ text: sql, document: { command, range, sql } });
    return 0;
  });
}
