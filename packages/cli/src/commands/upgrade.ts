import { lintOf } from "../arguments/lint-of.ts";
import { readRevision } from "../arguments/read-revision.ts";
import { presentPlan } from "../output/present-plan.ts";
import { presentRun } from "../output/present-run.ts";
import { backupBefore } from "../project/backup-options.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";
import { printSql } from "./print-sql.ts";

/** `upgrade [revision]` */
export const upgrade: Command = async (invocation) => {
  if (invocation.arguments.switches.has("sql")) return await printSql(invocation, "upgrade");
  const { arguments: parsed, output, now } = invocation;
  const target = readRevision(parsed.operands[0] ?? "head");
  const snapshot = !parsed.switches.has("no-snapshot");
  return await withProject(invocation, async (project) => {
    if (parsed.switches.has("dry-run")) {
      const plan = await project.migrator.plan(target, { direction: "upgrade", snapshot });
      return presentPlan(output, project, { plan, strict: parsed.switches.has("strict") });
    }
    const startedAt = now();
    const result = await project.migrator.upgrade(target, {
      ...lintOf(parsed),
      snapshot,
      ...backupBefore(parsed, project.loaded),
    });
    return await presentRun(output, project, { result, target, durationMs: now() - startedAt });
  });
};
