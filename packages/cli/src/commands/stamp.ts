import { readRevision } from "../arguments/read-revision.ts";
import { presentRun } from "../output/present-run.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";
import { printSql } from "./print-sql.ts";

/** `stamp <revision>...` */
export const stamp: Command = async (invocation) => {
  if (invocation.arguments.switches.has("sql")) return await printSql(invocation, "stamp");
  const { arguments: parsed, output, now } = invocation;
  const targets = parsed.operands.map((word) => readRevision(word));
  const purge = parsed.switches.has("purge");
  return await withProject(invocation, async (project) => {
    const startedAt = now();
    const [only, ...more] = targets;
    const target = only !== undefined && more.length === 0 ? only : targets;
    const result = await project.migrator.stamp(target, { purge });
    return await presentRun(output, project, { result, target, durationMs: now() - startedAt });
  });
};
