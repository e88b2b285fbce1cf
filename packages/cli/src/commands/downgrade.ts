import {
  type DataLoss,
  isMigrationError,
  type MigrationError,
  type RunResult,
} from "@skillmeat/migrate-core";
import { lintOf } from "../arguments/lint-of.ts";
import { readRevision } from "../arguments/read-revision.ts";
import { presentPlan } from "../output/present-plan.ts";
import { presentRun } from "../output/present-run.ts";
import { backupBefore } from "../project/backup-options.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject, type Project } from "../project/open-project.ts";
import type { Command } from "./command.ts";
import { printSql } from "./print-sql.ts";

/** `downgrade <revision>` */
export const downgrade: Command = async (invocation) => {
  if (invocation.arguments.switches.has("sql")) return await printSql(invocation, "downgrade");
  const { arguments: parsed, output, now } = invocation;
  const target = readRevision(parsed.operands[0] ?? "");
  return await withProject(invocation, async (project) => {
    if (parsed.switches.has("dry-run")) {
      const plan = await project.migrator.plan(target, { direction: "downgrade" });
      return presentPlan(output, project, { plan, strict: parsed.switches.has("strict") });
    }
    const startedAt = now();
    const result = await run(invocation, project, target);
    return await presentRun(output, project, { result, target, durationMs: now() - startedAt });
  });
};

/** Runs so that data survives; when it would not, asks whoever is there and runs again. */
async function run(
  invocation: Invocation,
  { migrator, loaded }: Project,
  target: string,
): Promise<RunResult> {
  const backup = backupBefore(invocation.arguments, loaded);
  const options = { ...lintOf(invocation.arguments), ...backup };
  if (invocation.arguments.switches.has("yes"))
    return await migrator.downgrade(target, { dataLoss: "allow", ...options });
  try {
    return await migrator.downgrade(target, { dataLoss: "refuse", ...options });
  } catch (error) {
    invocation.supervision.enter("command");
    if (!isMigrationError(error, "SKM_DESTRUCTIVE") || !confirm(invocation, error)) throw error;
  }
  return await migrator.downgrade(target, { dataLoss: "allow", ...backup });
}

function confirm({ terminal, output }: Invocation, error: MigrationError): boolean {
  if (!terminal.isInteractive) return false;
  output.alert("The run was rolled back, because it would delete:");
  for (const line of readLosses(error).map(describeLoss)) output.alert(`  ${line}`);
  const answer = terminal.ask("Run it again and delete this? [y/N] ");
  return /^\s*y(?:es)?\s*$/iu.test(answer ?? "");
}

function readLosses(error: MigrationError): readonly DataLoss[] {
  const { losses } = error.details;
  return Array.isArray(losses) ? losses.filter((loss: unknown) => isLoss(loss)) : [];
}

function isLoss(value: unknown): value is DataLoss {
  return (
    typeof value === "object" && value !== null && "table" in value && "rows" in value && "column" in value
  );
}

function describeLoss({ table, column, rows }: DataLoss): string {
  const count = rows === 1 ? "1 row" : `${rows} rows`;
  return column === null
    ? `${count} of table "${table}"`
    : `column "${column}" of table "${table}", ${count}`;
}
