import { MigrationError } from "../errors/migration-error.ts";
import type { CommandContext } from "./context.ts";
import type { Plan, PlanOptions } from "./plan.ts";

export interface LintOptions {
  /**
   * `"warn"`: plans first, and sends what the plan warns of as events. `"refuse"`: ends with SKM_LINT before
   * anything runs where there is a warning. `"off"` unless told: planning reads the tables that change.
   */
  readonly lint?: "off" | "warn" | "refuse";
}

/**
 * Looks at what a run would do before it does it.
 *
 * @throws {MigrationError} SKM_LINT with the warnings.
 */
export async function lintRun(
  context: CommandContext,
  target: string,
  { lint = "off", ...options }: LintOptions & PlanOptions,
): Promise<void> {
  if (lint === "off") return;
  const { plan } = await import("./on-demand.ts");
  const planned = await plan(context, target, options);
  if (lint === "refuse") assertNoWarnings(planned);
  for (const { code, message } of planned.steps.flatMap(({ warnings }) => warnings)) {
    context.emit({ kind: "warning", code, message });
  }
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
