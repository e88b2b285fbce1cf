import { readRevision } from "../arguments/read-revision.ts";
import { presentPlan } from "../output/present-plan.ts";
import { presentRun } from "../output/present-run.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `upgrade [revision]` */
export const upgrade: Command = async (invocation) => {
  const { arguments: parsed, output, now } = invocation;
  const target = readRevision(parsed.operands[0] ?? "head");
  return await withProject(invocation, async (project) => {
    if (parsed.switches.has("dry-run")) {
      return presentPlan(output, project, await project.migrator.plan(target, { direction: "upgrade" }));
    }
    const startedAt = now();
    const result = await project.migrator.upgrade(target);
    return await presentRun(output, project, { result, target, durationMs: now() - startedAt });
  });
};
