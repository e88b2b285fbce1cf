import {
  assertNoWarnings,
  inlineParameters,
  isMigrationError,
  type Plan,
  type PlannedStep,
  type Statement,
} from "@skillmeat/migrate-core";
import type { Project } from "../project/open-project.ts";
import { describeEffect } from "./describe-effect.ts";
import type { Finding, Output } from "./output.ts";
import { showHeads, showRevisions } from "./phrases.ts";
import { reportFailure } from "./report-failure.ts";
import { describeStep } from "./report-run.ts";

/** Shows what a run would do, with its SQL. */
export function presentPlan(
  output: Output,
  { database }: Project,
  { plan, strict }: { readonly plan: Plan; readonly strict: boolean },
): number {
  const { steps, headsBefore, headsAfter } = plan;
  const runs = steps.filter(({ step }) => step.kind !== "stamp");
  output.talk(
    steps.length === 0
      ? `${database}: nothing to do, at ${showHeads(headsBefore)}`
      : `${database}: ${showRevisions(runs.map(({ step }) => step))} from ${showHeads(headsBefore)} to ${showHeads(headsAfter)}; nothing was written`,
  );
  const finding: Finding = {
    text: steps.map((step) => renderStep(step)).join("\n\n"),
    document: { ...plan, database, dryRun: true },
  };
  const refusal = strict ? refusalOf(plan) : undefined;
  if (refusal !== undefined) return reportFailure(output, refusal, finding);
  output.present(finding);
  return 0;
}

function refusalOf(plan: Plan): unknown {
  try {
    assertNoWarnings(plan);
    return undefined;
  } catch (error) {
    if (isMigrationError(error, "SKM_LINT")) return error;
    throw error;
  }
}

function renderStep(planned: PlannedStep): string {
  const parts = [
    `-- ${describeStep(planned)}`,
    ...notesOf(planned),
    ...planned.statements.map((statement) => renderStatement(statement)),
  ];
  for (const operation of planned.dependsOnSchema) {
    parts.push(`-- the statements for this depend on tables that change before: ${operation}`);
  }
  if (planned.dependsOnQuery !== null) {
    parts.push(
      `-- what follows depends on the answer to: ${planned.dependsOnQuery.replaceAll(/\s+/gu, " ")}`,
    );
  }
  return parts.join("\n\n");
}

/** What the operations do to rows, and what is worth a second look, as one block of comments. */
function notesOf({ effects, warnings }: PlannedStep): readonly string[] {
  const notes = [
    ...effects.flatMap((effect) => describeEffect(effect) ?? []),
    ...warnings.flatMap(({ code, message, hint }) => [`warning ${code}: ${message}`, `  hint: ${hint}`]),
  ];
  return notes.length === 0 ? [] : [notes.map((note) => `-- ${note}`).join("\n")];
}

/** For reading: with line ends that every terminal shows as such. */
const renderStatement = (statement: Statement): string =>
  inlineParameters(statement).replaceAll("\r\n", "\n");
