import type { Connection } from "../driver/driver.ts";
import type { PlanWarning } from "../plan/plan-warning.ts";

export interface StepFacts {
  readonly connection: Connection | undefined;
  /** Operations whose statements depend on tables that change before, described. */
  readonly dependsOnSchema: readonly string[];
  /** The revision asks the database something. */
  readonly asks: boolean;
}

/** What an engine that takes a unit at once is going to refuse, apart from single statements. */
export function lintStep({ connection, dependsOnSchema, asks }: StepFacts): readonly PlanWarning[] {
  if (connection === undefined || connection.transaction !== undefined) return [];
  const code = "SKM_LINT_UNSUPPORTED";
  const asking: readonly PlanWarning[] = asks
    ? [
        {
          code,
          message:
            "the revision asks the database something, and this engine has no interactive transactions",
          hint: "write it with op.execute, op.require or op.updateRows with set",
          operation: "query",
          table: null,
          rows: null,
        },
      ]
    : [];
  const unknown = dependsOnSchema.map((operation): PlanWarning => ({
    code,
    message: `an operation before changes the schema, and this engine has no interactive transactions: ${operation}`,
    hint: "put it into a revision of its own",
    operation,
    table: null,
    rows: null,
  }));
  return [...asking, ...unknown];
}
