import { describe, expect, test } from "vitest";
import type { HranaBatchStep, HranaCondition } from "../src/remote/hrana-request.ts";
import { buildConditionalBatch, buildUnitBatch } from "../src/remote/unit-batch.ts";

/** What may go wrong at one step. */
interface Accident {
  readonly step: number;
  /** The statement fails · the server ends the transaction behind it, which has succeeded. */
  readonly kind: "fails" | "ends";
}

interface Ran {
  readonly statements: readonly string[];
  readonly isCommitted: boolean;
  readonly isOpen: boolean;
  readonly foreignKeys: boolean;
}

/** Runs a batch as the protocol says: a step whose condition is false is left out, and a failure stops nothing. */
function run(steps: readonly HranaBatchStep[], accident?: Accident): Ran {
  const succeeded: boolean[] = [];
  const statements: string[] = [];
  let [isOpen, isCommitted, foreignKeys] = [false, false, true];
  const holds = (condition: HranaCondition): boolean => {
    switch (condition.type) {
      case "ok":
        return succeeded[condition.step] === true;
      case "not":
        return !holds(condition.cond);
      case "and":
        return condition.conds.every(holds);
      case "is_autocommit":
        return !isOpen;
    }
  };
  for (const [index, { stmt, condition }] of steps.entries()) {
    const runs = condition === undefined || holds(condition);
    const fails = accident?.step === index && accident.kind === "fails";
    succeeded.push(runs && !fails);
    if (!runs || fails) continue;
    const { sql } = stmt;
    if (sql.startsWith("BEGIN")) isOpen = true;
    else if (sql === "COMMIT") [isCommitted, isOpen] = [isOpen, false];
    else if (sql === "ROLLBACK") isOpen = false;
    else if (sql.startsWith("PRAGMA foreign_keys")) foreignKeys = sql.endsWith("1");
    else if (sql.startsWith("INSERT")) statements.push(isOpen ? sql : `${sql} outside`);
    if (accident?.step === index && accident.kind === "ends") isOpen = false;
  }
  return { statements, isCommitted, isOpen, foreignKeys };
}

const inserts = ["INSERT 1", "INSERT 2", "INSERT 3"];
const plain = buildUnitBatch(
  inserts.map((sql) => ({ sql, want_rows: true })),
  { foreignKeys: "suspended", mode: "write", deadline: 1_700_000_000 },
);
const conditional = buildConditionalBatch(
  ["SELECT condition", "SELECT question"].map((sql) => ({ sql, want_rows: true })),
  plain,
);

describe.each([
  ["a unit", plain],
  ["a unit with a condition", conditional],
])("%s", (_what, steps) => {
  const commit = steps.findIndex(({ stmt }) => stmt.sql === "COMMIT");

  test("commits when nothing happens to it", () => {
    expect(run(steps)).toEqual({
      statements: inserts,
      isCommitted: true,
      isOpen: false,
      foreignKeys: true,
    });
  });

  test.each(
    steps
      .slice(0, commit + 1)
      .flatMap((_, step): Accident[] => (["fails", "ends"] as const).map((kind) => ({ step, kind }))),
  )("whose step $step $kind commits nothing in part and leaves nothing open", (accident) => {
    const { statements, isCommitted, isOpen, foreignKeys } = run(steps, accident);
    expect(statements.filter((sql) => sql.endsWith("outside"))).toEqual([]);
    // What comes to an end before BEGIN is no transaction, and a question may fail.
    const begin = steps.findIndex(({ stmt }) => stmt.sql.startsWith("BEGIN"));
    const isQuestion = steps[accident.step]?.stmt.sql === "SELECT question";
    const isHarmless =
      isQuestion || (accident.kind === "ends" && (accident.step < begin || accident.step === commit));
    expect(isCommitted).toBe(isHarmless);
    if (isCommitted) expect(statements).toEqual(inserts);
    expect(isOpen).toBe(false);
    expect(foreignKeys).toBe(true);
  });
});

test("a unit whose condition is false does nothing at all", () => {
  expect(run(conditional, { step: 0, kind: "fails" })).toEqual({
    statements: [],
    isCommitted: false,
    isOpen: false,
    foreignKeys: true,
  });
});
