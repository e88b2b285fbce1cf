import { MigrationError } from "../errors/migration-error.ts";
import type { LateLint } from "../run/late-lint.ts";
import type { CommandContext } from "./context.ts";
import type { Plan, PlanOptions } from "./plan.ts";

export interface LintOptions {
  /**
   * `"warn"`: plans first, and sends what the plan warns of as events. `"refuse"`: ends with SKM_LINT before
   * anything runs where there is a warning. What follows a question is looked at when it is its turn: there
   * `"refuse"` rolls the transaction back. `"off"` unless told: planning reads the tables that change.
   */
  readonly lint?: "off" | "warn" | "refuse";
}

/**
 * Looks at what a run would do before it does it.
 *
 * @returns what looks at the operations behind a question, which only the run itself meets; `undefined` where
 * nobody wants to know.
 * @throws {MigrationError} SKM_LINT with the warnings.
 */
export async function lintRun(
  context: CommandContext,
  targets: readonly string[],
  { lint = "off", ...options }: LintOptions & PlanOptions,
): Promise<LateLint | undefined> {
  if (lint === "off") return undefined;
  const { plan, createLateLint } = await import("./on-demand.ts");
  for (const target of targets) {
    const planned = await plan(context, target, options);
    if (lint === "refuse") assertNoWarnings(planned);
    for (const { code, message } of planned.steps.flatMap(({ warnings }) => warnings)) {
      context.emit({ kind: "warning", code, message });
    }
  }
  return createLateLint(lint, context.emit);
}

/** @throws {MigrationError} SKM_LINT with the warnings of the plan, if there are any. */
export function assertNoWarnings({ steps }: Plan): void {
  const warnings = steps.flatMap(({ step, warnings: found }) =>
    found.map((warning) => ({ revision: step.revision, ...warning })),
  );
  const [first] = warnings;
  if (first === undefined) return;
  const more = warnings.length === 1 ? "" : `, and ${warnings.length - 1} more`;
  throw new MigrationError(
    "SKM_LINT",
    `the plan has ${warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`}: ${first.message} (${first.code})${more}`,
    { details: { warnings }, hint: first.hint },
  );
}
