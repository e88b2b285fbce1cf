import type { Connection } from "../../driver/driver.ts";
import { toMigrationError } from "../../driver/to-migration-error.ts";
import { isMigrationError } from "../../errors/migration-error.ts";
import type { Operation } from "../../ops/operation.ts";
import type { Step } from "../../revision/revision-info.ts";
import { diffContents, type Contents, type DataLoss } from "../../run/data-loss.ts";
import { followTable } from "../../run/follow-renames.ts";
import type { Session } from "../../run/session.ts";
import { prepareUnit } from "../../run/unit.ts";
import { splitStatements } from "../../sql/split-statements.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import type { ScratchOptions } from "../scratch.ts";
import { lintReaders, olderReaders, type SchemaMove } from "../lint-readers.ts";
import { reverseStep, runStep } from "./run-step.ts";
import { emptyTables, fillTables } from "./sample-rows.ts";
import { describeDifferences, readHealth, takeSnapshot, type Snapshot } from "./snapshot.ts";
import { createFinding, type VerifyFinding } from "./verify-finding.ts";

export interface ClimbContext {
  readonly session: Session;
  readonly connection: Connection;
  readonly library: RevisionLibrary;
  /** For questions to SQLite on the way. */
  readonly scratch: ScratchOptions;
  /** Guess rows for empty tables. */
  readonly fill: boolean;
  /** SQL to run when a revision has been applied, by its id. */
  readonly seed: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly report: (finding: VerifyFinding) => void;
}

type Way = NonNullable<VerifyFinding["way"]>;

/**
 * Takes a database up one step, down, and up again.
 *
 * @returns whether the next step can be tried.
 */
export async function climb(context: ClimbContext, step: Step): Promise<boolean> {
  const before = await look(context);
  const ascent = await go(context, step, "up");
  if (ascent === "failed") return false;
  const after = await look(context);
  checkReaders(context, step, { before: before.schema, after: after.schema });
  const up = await operationsOf(context, step);
  const lost = ascent === "done" ? diffContents(before.contents, after.contents, up) : [];
  reportLosses(context, {
    step,
    way: "up",
    losses: lost,
    isKept: (table) => after.contents.has(followTable(table, up)),
  });
  await checkHealth(context, step, "up");
  const contents: Contents = ascent === "done" ? before.contents : new Map();
  if (!(await goBack(context, step, { before: { ...before, contents }, up, lost }))) return true;
  if ((await go(context, step, "up again")) === "failed") return false;
  await checkSchema(context, step, { way: "up again", expected: after, is: "after going up the first time" });
  return true;
}

/** Rows for the tables that a step has made. A seed that fails is the caller's mistake. */
export async function sow(context: ClimbContext, revision: string): Promise<void> {
  const { connection, seed, fill, session } = context;
  const sql = Object.hasOwn(seed, revision) ? seed[revision] : undefined;
  if (sql !== undefined) await connection.unit(splitStatements(sql).map((one) => ({ sql: one })));
  if (fill)
    await fillTables(connection, (await takeSnapshot(connection, session.options.versionTable.name)).schema);
}

interface WayBack {
  readonly before: Snapshot;
  readonly up: readonly Operation[];
  readonly lost: readonly DataLoss[];
}

async function goBack(context: ClimbContext, step: Step, { before, up, lost }: WayBack): Promise<boolean> {
  const down = reverseStep(step);
  const body = await operationsOrIrreversible(context, down);
  if (body === undefined) return false;
  const descent = await go(context, down, "down");
  if (descent === "failed") return false;
  await checkSchema(context, step, { way: "down", expected: before, is: "before it was applied" });
  await checkHealth(context, step, "down");
  if (descent === "without rows") return true;
  const gone = new Set(lost.map(({ table }) => table));
  const { contents } = await look(context);
  // What is not there any more is a difference of the schema.
  const losses = diffContents(before.contents, contents, [...up, ...body]).filter(
    ({ table, column }) => column === null && !gone.has(table) && contents.has(table),
  );
  reportLosses(context, { step, way: "down", losses, isKept: () => true });
  return true;
}

/** Runs a step. When it fails on rows that were only guessed, it is tried again without rows. */
async function go(context: ClimbContext, step: Step, way: Way): Promise<"done" | "without rows" | "failed"> {
  const first = await attempt(context, step);
  if (first === undefined) return "done";
  if (context.fill) {
    const { schema } = await look(context);
    await emptyTables(context.connection, schema);
    const second = await attempt(context, step);
    if (second === undefined) {
      report(context, step, { kind: "rows-refused", way, message: first, lines: [] });
      return "without rows";
    }
  }
  report(context, step, { kind: "failed", way, message: first, lines: [] });
  return "failed";
}

async function attempt(context: ClimbContext, step: Step): Promise<string | undefined> {
  try {
    await runStep(context, step);
    return undefined;
  } catch (error) {
    if (context.signal?.aborted === true) throw error;
    return toMigrationError(error).message;
  }
}

async function operationsOf({ library }: ClimbContext, step: Step): Promise<readonly Operation[]> {
  const signal = new AbortController().signal;
  const unit = await prepareUnit(step, { loadRevision: library.loadRevision, signal });
  unit.recording?.abandon(new Error("only its operations were asked for"));
  return unit.first.operations;
}

async function operationsOrIrreversible(
  context: ClimbContext,
  step: Step,
): Promise<readonly Operation[] | undefined> {
  try {
    return await operationsOf(context, step);
  } catch (error) {
    if (!isMigrationError(error, "SKM_IRREVERSIBLE")) return [];
    report(context, step, { kind: "irreversible", way: "down", message: "it has no downgrade()", lines: [] });
    return undefined;
  }
}

interface Expectation {
  readonly way: Way;
  readonly expected: Snapshot;
  /** When it was so, for the message. */
  readonly is: string;
}

async function checkSchema(
  context: ClimbContext,
  step: Step,
  { way, expected, is }: Expectation,
): Promise<void> {
  const { schema } = await look(context);
  const lines = await describeDifferences(schema, expected.schema, context.scratch);
  if (lines.length === 0) return;
  report(context, step, {
    kind: "schema-differs",
    way,
    message: `the schema is not what it was ${is}; to make it so: ${lines.join("; ")}`,
    lines,
  });
}

function checkReaders(context: ClimbContext, step: Step, { before, after }: Required<SchemaMove>): void {
  const readers = olderReaders(context.library.graph, step);
  if (readers.length === 0) return;
  for (const { message } of lintReaders(readers, { before, after }))
    report(context, step, { kind: "breaks-readers", way: "up", message, lines: [] });
}

async function checkHealth(context: ClimbContext, step: Step, way: Way): Promise<void> {
  const lines = await readHealth(context.connection);
  if (lines.length > 0) report(context, step, { kind: "unhealthy", way, message: lines.join("; "), lines });
}

interface Losses {
  readonly step: Step;
  readonly way: Way;
  readonly losses: readonly DataLoss[];
  readonly isKept: (table: string) => boolean;
}

function reportLosses(context: ClimbContext, { step, way, losses, isKept }: Losses): void {
  for (const { table, column, rows } of losses) {
    const kept = column === null && isKept(table);
    const what = column === null ? `table "${table}"` : `column "${table}.${column}"`;
    const counted = rows === 1 ? "1 row" : `${rows} rows`;
    report(context, step, {
      kind: kept ? "rows-lost" : "data-dropped",
      way,
      message: kept
        ? `table "${table}" has ${counted} less`
        : `${what} is dropped, with what it held for ${counted}`,
      lines: [],
    });
  }
}

function report(
  context: ClimbContext,
  { revision }: Step,
  finding: Pick<VerifyFinding, "kind" | "way" | "message" | "lines">,
): void {
  context.report(createFinding({ ...finding, revision }));
}

async function look({ connection, session }: ClimbContext): Promise<Snapshot> {
  return await takeSnapshot(connection, session.options.versionTable.name);
}
