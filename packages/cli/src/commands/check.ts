import { MigrationError } from "@skillmeat/migrate-core";
import { showCount, showHeads } from "../output/phrases.ts";
import type { Finding } from "../output/output.ts";
import { reportFailure } from "../output/report-failure.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `check`: whether the version rows name the newest revisions. The schema is not looked at. */
export const check: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database }) => {
    const { output } = invocation;
    const { upToDate, heads, pending } = await migrator.check();
    const finding: Finding = {
      text: upToDate ? `all revisions are applied: ${database} is at ${showHeads(heads)}` : "",
      document: { command: "check", database, checked: ["revisions"], upToDate, heads, pending },
    };
    output.talk("checked whether all revisions are applied; the schema itself is not compared");
    if (!upToDate) return reportFailure(output, pendingError({ heads, pending }), finding);
    output.present(finding);
    return 0;
  });

/** What `check` and `current --check-heads` end with when revisions wait. */
export function pendingError(state: {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
}): MigrationError {
  const { heads, pending } = state;
  const shown = pending.length > 10 ? [...pending.slice(0, 10), "…"] : pending;
  return new MigrationError(
    "SKM_CHECK_PENDING",
    `${showCount(pending.length, "revision")} not applied: ${shown.join(", ")}; the database is at ${showHeads(heads)}`,
    { details: { heads, pending }, hint: "run `skillmeat-migrate upgrade heads`" },
  );
}
