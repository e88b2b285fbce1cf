import { toMigrationError } from "../driver/to-migration-error.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { downgradePath } from "../revision/downgrade-path.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { Step } from "../revision/revision-info.ts";
import { stampPath } from "../revision/stamp-path.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { guardExit } from "../run/exit-guard.ts";
import { explainFailure } from "../run/explain-failure.ts";
import { compileChunk, type OfflineChunk } from "../run/offline/compile-chunk.ts";
import { renderScript } from "../run/offline/render-script.ts";
import { prepareUnit, type Unit } from "../run/unit.ts";
import { definitionTexts } from "../schema/definition-texts.ts";
import { assertSound, type RevisionLibrary } from "./revision-library.ts";
import { assertResolvable } from "./resolve-early.ts";
import type { SchemaContext } from "./schema-side.ts";
import { withScratch, type Scratch } from "./scratch.ts";
import { readSchema } from "../inspect/read-schema.ts";

export interface SqlOptions {
  /** Found out from the range unless told; a stamp has to be told. */
  readonly command?: Step["kind"];
}

/**
 * Writes the SQL script of a run. The database is not opened, unless the range begins at `current`: then its
 * revision and its schema, but none of its rows, are what the script is made for.
 *
 * @throws {SKM_OFFLINE_QUERY} a revision asks the database.
 * @throws {SKM_USAGE} it is no range.
 */
export async function renderSql(
  context: SchemaContext,
  range: string,
  { command }: SqlOptions = {},
): Promise<string> {
  const library = assertSound(await context.library());
  const { start, end } = splitRange(range, command);
  const heads = await startHeads(context, library.graph, start);
  const { graph } = library;
  assertResolvable(graph, end);
  const steps = findSteps(graph, { heads, end, command });
  const goal = steps.at(-1)?.headsAfter ?? heads;
  const kind = command ?? steps.find((step) => step.kind !== "stamp")?.kind ?? "upgrade";
  const title = `${kind} from ${showHeads(heads)} to ${showHeads(goal)}${steps.length === 0 ? ": nothing to do" : ""}`;
  const { versionTable, journal } = context.session.options;
  const chunks =
    steps.length === 0 ? [] : await compileSteps(context, library, { steps, isLive: start === "current" });
  const hasReaders = start === "current" && (await hasReaderTable(context));
  return renderScript({ title, chunks, graph, versionTable, journal, hasReaders });
}

/** Only a database that was looked at is known to have it, whatever the revisions say. */
async function hasReaderTable({ session }: SchemaContext): Promise<boolean> {
  const { exists } = session.options.versionTable.readers;
  try {
    return ((await session.connection()?.query(exists))?.rows.length ?? 0) > 0;
  } catch (error) {
    throw toMigrationError(error);
  }
}

function splitRange(range: string, command: SqlOptions["command"]) {
  const parts = range.split(":");
  const [first = "", second] = parts;
  if (parts.length > 2) throw usage(range, "write it as <from>:<to>");
  if (second === undefined) {
    if (command !== "downgrade") return { start: "base", end: first };
    throw usage(range, "a downgrade as SQL begins somewhere: write <from>:<to>, such as head:base");
  }
  const end = second === "" && command !== "downgrade" ? "head" : second;
  if (end === "") throw usage(range, "say where it ends: <from>:<to>");
  return { start: first === "" ? "base" : first, end };
}

function usage(range: string, hint: string): MigrationError {
  return new MigrationError("SKM_USAGE", `${quoteForMessage(range)} is not a range for SQL`, {
    details: { range },
    hint,
  });
}

/** The version rows that a database has at the start: those that stamping it there would write. */
async function startHeads(
  { session }: SchemaContext,
  graph: RevisionGraph,
  start: string,
): Promise<readonly string[]> {
  if (start === "current") return await session.readHeads("read");
  // A database there still has the old row, which the script then writes anew.
  if (graph.index.replaced.get(start)?.isLast === true) return [start];
  return stampPath(graph, [], start).at(-1)?.headsAfter ?? [];
}

interface PathRequest {
  readonly heads: readonly string[];
  readonly end: string;
  readonly command: SqlOptions["command"];
}

function findSteps(graph: RevisionGraph, { heads, end, command }: PathRequest): readonly Step[] {
  if (command === "stamp") return stampPath(graph, heads, end);
  if (command === "downgrade") return downgradePath(graph, heads, end);
  const down = (): readonly Step[] => downgradePath(graph, heads, end);
  if (command === undefined && leadsDown(graph, heads, end)) {
    const steps = down();
    if (steps.length > 0) return steps;
  }
  const steps = upgradePath(graph, heads, end);
  if (!runsUp(steps) && down().length > 0) throw wrongWay(heads, end);
  return steps;
}

/** Online it is nothing to do; a range that is written the wrong way round is a mistake. */
function wrongWay(heads: readonly string[], end: string): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_DIRECTION",
    `the range from ${showHeads(heads)} to ${quoteForMessage(end)} goes down, which is no upgrade`,
    { details: { heads, target: end }, hint: "turn it round, or use `downgrade`" },
  );
}

function leadsDown(graph: RevisionGraph, heads: readonly string[], end: string): boolean {
  if (/(?:^|@)base$/u.test(end) || /(?:^|@)-\d+$/u.test(end)) return true;
  return !runsUp(upgradePath(graph, heads, end));
}

/** Whether anything is applied: rows of replaced revisions may be written anew without that. */
const runsUp = (steps: readonly Step[]): boolean => steps.some(({ kind }) => kind === "upgrade");

interface CompileRequest {
  readonly steps: readonly Step[];
  /** The schema before is that of the database, not that of the revisions. */
  readonly isLive: boolean;
}

async function compileSteps(
  context: SchemaContext,
  library: RevisionLibrary,
  { steps, isLive }: CompileRequest,
): Promise<readonly OfflineChunk[]> {
  const units = await prepareUnits(library, steps);
  const heads = steps[0]?.headsBefore ?? [];
  const isStamp = steps.every(({ kind }) => kind === "stamp");
  const perRevision = context.transactionPer === "revision" && !isStamp;
  const groups = perRevision ? units.map((unit) => [unit]) : [units];
  return await withScratch(context.scratch, async (scratch) => {
    if (isLive) await copySchema(context, scratch);
    else if (!isStamp) await replay(scratch, library, heads);
    const chunks: OfflineChunk[] = [];
    for (const group of groups) chunks.push(await compileGroup(context, scratch, group));
    return chunks;
  });
}

async function prepareUnits(library: RevisionLibrary, steps: readonly Step[]): Promise<readonly Unit[]> {
  const guard = guardExit(() => undefined);
  const units: Unit[] = [];
  try {
    for (const step of steps) {
      const unit = await prepareUnit(step, { loadRevision: library.loadRevision, signal: guard.signal });
      units.push(unit);
    }
  } catch (error) {
    throw explain(error, steps[units.length]);
  } finally {
    guard.release();
    for (const unit of units) unit.recording?.abandon(new Error("the script ends here"));
  }
  for (const unit of units) assertNoQuery(unit);
  return units;
}

function assertNoQuery({ step, first: { query }, recording }: Unit): void {
  const late = recording?.lateUse();
  if (late !== undefined) throw late;
  if (query === null) return;
  throw new MigrationError(
    "SKM_OFFLINE_QUERY",
    `revision ${quoteForMessage(step.revision)} cannot be written as SQL: what it does depends on the answer to ${quoteForMessage(query.statement.sql, 120)}`,
    {
      details: { revision: step.revision, sql: query.statement.sql },
      hint: "run it against the database, or say it in SQL: op.execute, or op.updateRows with `set` instead of a function",
    },
  );
}

async function replay(scratch: Scratch, library: RevisionLibrary, heads: readonly string[]): Promise<void> {
  if (heads.length > 0) await scratch.upgrade(library, heads);
}

async function copySchema({ session }: SchemaContext, scratch: Scratch): Promise<void> {
  const connection = session.connection();
  if (connection === undefined) return;
  await scratch.run(definitionTexts(await readSchema(connection)));
}

async function compileGroup(
  { foreignKeys, session }: SchemaContext,
  { connection }: Scratch,
  units: readonly Unit[],
): Promise<OfflineChunk> {
  const { journal } = session.options;
  const position: { unit: Unit | undefined } = { unit: undefined };
  try {
    return await compileChunk(connection, units, { foreignKeys, journal, position });
  } catch (error) {
    throw explain(error, position.unit?.step);
  }
}

function explain(error: unknown, step: Step | undefined): MigrationError {
  return explainFailure(error, { step, applied: [], pending: [], heads: undefined });
}

const showHeads = (heads: readonly string[]): string => (heads.length === 0 ? "base" : heads.join(", "));
