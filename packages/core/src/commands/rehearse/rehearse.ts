import { diffSchemas } from "../../autogenerate/diff-schemas.ts";
import type { Driver } from "../../driver/driver.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { describeOperation } from "../../ops/describe.ts";
import type { PlanWarning } from "../../plan/plan-warning.ts";
import type { Step } from "../../revision/revision-info.ts";
import { upgradePath } from "../../revision/upgrade-path.ts";
import { createSession } from "../../run/session.ts";
import { plan } from "../plan.ts";
import { assertSound, type RevisionLibrary } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { reverseStep } from "../verify/run-step.ts";
import { describeDifferences, readHealth, takeSnapshot, type Snapshot } from "../verify/snapshot.ts";
import { createFinding, type VerifyFinding } from "../verify/verify-finding.ts";
import { withCopy } from "./copy-for-rehearsal.ts";
import { compareRows, rehearseSteps, type RehearsedStep, type StepsContext } from "./rehearse-steps.ts";

export interface RehearseOptions {
  /** Where the copy lies while it is needed, the directory for temporary files unless told. */
  readonly directory?: string;
  /** `false`: only the upgrade is tried. */
  readonly downgrade?: boolean;
}

export interface Rehearsal {
  /** Whether there are no errors among the findings. */
  readonly isSound: boolean;
  readonly headsBefore: readonly string[];
  /** Where the upgrade led. */
  readonly headsAfter: readonly string[];
  /** The upgrade, then the way back. */
  readonly steps: readonly RehearsedStep[];
  /** What the upgrade did to the schema, a line each. */
  readonly changes: readonly string[];
  /** What the plan warns of. */
  readonly warnings: readonly PlanWarning[];
  readonly findings: readonly VerifyFinding[];
}

/**
 * Tries an upgrade on a copy of the database, and the way back. The database itself is only read. Each revision
 * is a run of its own there, so that its time and its rows are known.
 *
 * @throws {SKM_DB_MISSING} there is no database.
 */
export async function rehearse(
  context: SchemaContext,
  target: string,
  { directory, downgrade = true }: RehearseOptions,
): Promise<Rehearsal> {
  const library = assertSound(await context.library());
  const planned = await plan(context, target);
  const { headsBefore } = planned;
  const connection = context.session.connection();
  if (connection === undefined) throw missing();
  const steps = upgradePath(library.graph, headsBefore, target);
  const nothing = { headsAfter: headsBefore, steps: [], changes: [], findings: [], warnings: [] };
  if (steps.length === 0) return { isSound: true, headsBefore, ...nothing };
  return await withCopy(context, { connection, directory }, async (driver) => {
    const tried = await tryOnCopy(context, { driver, library, steps, downgrade });
    return {
      ...tried,
      isSound: tried.findings.every(({ severity }) => severity === "warning"),
      headsBefore,
      warnings: planned.steps.flatMap(({ warnings }) => warnings),
    };
  });
}

interface Trial {
  readonly driver: Driver;
  readonly library: RevisionLibrary;
  readonly steps: readonly Step[];
  readonly downgrade: boolean;
}

type Tried = Pick<Rehearsal, "headsAfter" | "steps" | "changes" | "findings">;

async function tryOnCopy(context: SchemaContext, trial: Trial): Promise<Tried> {
  const { foreignKeys, signal } = context;
  const { versionTable } = context.session.options;
  const session = createSession({ driver: trial.driver, versionTable, waitMs: 0, signal });
  const findings: VerifyFinding[] = [];
  try {
    await session.readHeads("write");
    const connection = await session.openForWriting();
    const report = (finding: VerifyFinding): void => void findings.push(finding);
    const steps: StepsContext = { session, connection, library: trial.library, foreignKeys, signal, report };
    return { ...(await upAndDown(context, steps, trial)), findings };
  } finally {
    await session.close();
  }
}

async function upAndDown(
  context: SchemaContext,
  steps: StepsContext,
  trial: Trial,
): Promise<Omit<Tried, "findings">> {
  const { session } = steps;
  const before = await look(steps);
  const up = await rehearseSteps(steps, trial.steps);
  const after = await look(steps);
  const headsAfter = await session.readHeads("read");
  const known = await knownProblems(context);
  await checkHealth(steps, { way: "up", last: up.at(-1)?.revision, known });
  const changes = diffSchemas(before.schema, after.schema).map(describeOperation);
  // A row that is only written anew, for a revision that replaces others, is no work to be undone.
  const runs = trial.steps.filter(({ kind }) => kind !== "stamp");
  const isThrough = up.length === runs.length;
  if (!trial.downgrade || !isThrough) return { headsAfter, steps: up, changes };
  const down = await rehearseSteps(steps, runs.toReversed().map(reverseStep));
  if (down.length === up.length)
    await compareWithBefore(context, steps, { before, known, last: up[0]?.revision });
  return { headsAfter, steps: [...up, ...down], changes };
}

/** What is wrong with the database already is not the fault of a revision. */
async function knownProblems({ session }: SchemaContext): Promise<ReadonlySet<string>> {
  const connection = session.connection();
  return new Set(connection === undefined ? [] : await readHealth(connection));
}

interface HealthRequest {
  readonly way: "up" | "down";
  readonly last: string | undefined;
  readonly known: ReadonlySet<string>;
}

async function checkHealth(steps: StepsContext, { way, last, known }: HealthRequest): Promise<void> {
  const lines = (await readHealth(steps.connection)).filter((line) => !known.has(line));
  if (lines.length === 0 || last === undefined) return;
  steps.report(createFinding({ kind: "unhealthy", revision: last, way, message: lines.join("; "), lines }));
}

interface WayBack {
  readonly before: Snapshot;
  readonly known: ReadonlySet<string>;
  /** The revision that went down last. */
  readonly last: string | undefined;
}

async function compareWithBefore(
  context: SchemaContext,
  steps: StepsContext,
  { before, last, known }: WayBack,
): Promise<void> {
  if (last === undefined) return;
  const now = await look(steps);
  const lines = await describeDifferences(now.schema, before.schema, context.scratch);
  if (lines.length > 0) {
    const message = `after the way back the schema is not what it was; to make it so: ${lines.join("; ")}`;
    steps.report(createFinding({ kind: "schema-differs", revision: last, way: "down", message, lines }));
  }
  for (const { table, before: had, after: has } of compareRows(before.contents, now.contents)) {
    if (had === null || has === null || has >= had) continue;
    const message = `after the way back table "${table}" has ${has} of ${had} rows`;
    steps.report(createFinding({ kind: "rows-lost", revision: last, way: "down", message, lines: [] }));
  }
  await checkHealth(steps, { way: "down", last, known });
}

async function look({ connection, session }: StepsContext): Promise<Snapshot> {
  return await takeSnapshot(connection, session.options.versionTable.name);
}

function missing(): MigrationError {
  return new MigrationError("SKM_DB_MISSING", "there is no database to rehearse on", {
    hint: "check the path with --url; `verify` tries revisions without a database",
  });
}
