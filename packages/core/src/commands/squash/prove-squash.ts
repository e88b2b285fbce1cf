import { describeOperation } from "../../ops/describe.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { Step } from "../../revision/revision-info.ts";
import { upgradePath } from "../../revision/upgrade-path.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import { compareSchemas } from "../compare-defaults.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { withScratch, type Scratch } from "../scratch.ts";
import { reverseStep, runStep } from "../verify/run-step.ts";
import { fillTables } from "../verify/sample-rows.ts";
import { takeSnapshot } from "../verify/snapshot.ts";
import { captureRows, type CapturedRows } from "./capture-rows.ts";
import { compareRows, copyRows, findReordered } from "./table-rows.ts";

/** A way from the version rows before to one revision. */
export interface Way {
  readonly library: RevisionLibrary;
  readonly before: readonly string[];
  readonly last: string;
}

/** The schemas on a way: before it, after it, and when it was undone; `null` when it cannot be. */
export interface WaySchemas {
  readonly before: DatabaseSchema;
  readonly after: DatabaseSchema;
  readonly returned: DatabaseSchema | null;
  /** What is in the tables after it. */
  readonly contents: CapturedRows;
}

/**
 * Goes a way in memory, without rows, and back.
 *
 * @throws {SKM_SQUASH_UNPROVEN} a revision on it fails
 */
export async function readWay(context: SchemaContext, way: Way, isReversible: boolean): Promise<WaySchemas> {
  const since = Date.now();
  return await withScratch(context.scratch, async (scratch) => {
    const steps = stepsOf(way);
    try {
      await begin(scratch, way);
      const before = await look(scratch);
      await run(context, scratch, { way, steps });
      const after = await look(scratch);
      const contents = await captureRows(scratch.connection, after, since);
      if (!isReversible) return { before, after, contents, returned: null };
      await run(context, scratch, { way, steps: back(steps) });
      return { before, after, contents, returned: await look(scratch) };
    } catch (error) {
      throw explainReplay(error);
    }
  });
}

export interface ProofRequest {
  readonly old: Way;
  readonly squashed: Way;
  readonly isReversible: boolean;
  /**
   * Sample rows are what tells a renamed column from one that went and one that came. `"compare"`: there have to
   * be some · `"try"`: where the old revisions take them · `"none"`: rows differ, as was asked for.
   */
  readonly rows: "compare" | "try" | "none";
}

/** What rows there were to compare. */
export interface RowProof {
  readonly rowsCompared: boolean;
  /** Tables that took no sample row, sorted; of these only the definition was compared. */
  readonly tablesWithoutRows: readonly string[];
}

const noRows: RowProof = { rowsCompared: false, tablesWithoutRows: [] };

/**
 * Takes two databases in memory, with the same rows, both ways up and both ways back, and compares them.
 *
 * @throws {SKM_SQUASH_UNPROVEN} they differ, or one of the ways cannot be gone
 */
export async function proveSame(context: SchemaContext, request: ProofRequest): Promise<RowProof> {
  const wantsRows = request.rows !== "none";
  const empty = new Set<string>();
  const refusal = await tryBoth(context, request, wantsRows ? empty : null);
  if (refusal === null) {
    return wantsRows ? { rowsCompared: true, tablesWithoutRows: [...empty].toSorted() } : noRows;
  }
  if (request.rows === "compare") {
    throw unproven(
      `the old revisions fail on sample rows, so that rows cannot be compared: ${refusal.message}`,
      {
        cause: refusal,
      },
    );
  }
  const second = wantsRows ? await tryBoth(context, request, null) : refusal;
  if (second !== null) throw explainReplay(second);
  return noRows;
}

/**
 * @param empty takes the names of tables without sample rows; `null`: none are wanted.
 * @returns why the old revisions fail, or `null`.
 */
async function tryBoth(
  context: SchemaContext,
  { old, squashed, isReversible, rows }: ProofRequest,
  empty: Set<string> | null,
): Promise<MigrationError | null> {
  const since = Date.now();
  return await withScratch(context.scratch, async (left) => {
    return await withScratch(context.scratch, async (right) => {
      await begin(left, old);
      await begin(right, squashed);
      const trial = { context, left, right, since, comparesRows: rows !== "none" };
      const ways = [stepsOf(old), stepsOf(squashed)] as const;
      for (const direction of isReversible ? (["upgrade", "downgrade"] as const) : (["upgrade"] as const)) {
        const [oldSteps, newSteps] = direction === "upgrade" ? ways : [back(ways[0]), back(ways[1])];
        await sow(left, right, empty);
        const refusal = await attempt(context, left, { way: old, steps: oldSteps });
        if (refusal !== null) return refusal;
        const failure = await attempt(context, right, { way: squashed, steps: newSteps });
        if (failure !== null)
          throw unproven(`its ${direction} cannot run: ${failure.message}`, { cause: failure });
        await assertSame(trial, direction);
      }
      return null;
    });
  });
}

async function begin(scratch: Scratch, { library, before }: Way): Promise<void> {
  if (before.length > 0) await scratch.upgrade(library, before);
}

const stepsOf = ({ library, before, last }: Way): readonly Step[] => upgradePath(library.graph, before, last);

const back = (steps: readonly Step[]): readonly Step[] => steps.toReversed().map(reverseStep);

interface Run {
  readonly way: Way;
  readonly steps: readonly Step[];
}

async function run(
  { foreignKeys, signal }: SchemaContext,
  { session }: Scratch,
  { way, steps }: Run,
): Promise<void> {
  for (const step of steps) await runStep({ session, library: way.library, foreignKeys, signal }, step);
}

async function attempt(context: SchemaContext, scratch: Scratch, way: Run): Promise<MigrationError | null> {
  try {
    await run(context, scratch, way);
    return null;
  } catch (error) {
    if (!(error instanceof MigrationError) || context.signal?.aborted === true) throw error;
    return error;
  }
}

async function look({ connection, session }: Scratch): Promise<DatabaseSchema> {
  return (await takeSnapshot(connection, session.options.versionTable.name)).schema;
}

/** Both get the rows of the first, which gets some where it has none. */
async function sow(left: Scratch, right: Scratch, empty: Set<string> | null): Promise<void> {
  const schema = await look(left);
  if (empty !== null) for (const table of await fillTables(left.connection, schema)) empty.add(table);
  await copyRows(left.connection, right.connection, schema);
}

interface Trial {
  readonly context: SchemaContext;
  readonly left: Scratch;
  readonly right: Scratch;
  readonly since: number;
  readonly comparesRows: boolean;
}

async function assertSame(
  { context, left, right, since, comparesRows }: Trial,
  direction: "upgrade" | "downgrade",
): Promise<void> {
  const [expected, found] = [await look(left), await look(right)];
  const { operations } = await compareSchemas({ from: found, to: expected }, {}, context.scratch);
  const differences = [
    ...operations.map(describeOperation),
    ...findReordered(expected, found).map(
      (table) => `the columns of ${quoteForMessage(table)} in another order`,
    ),
  ];
  if (differences.length > 0) {
    const what = `its ${direction} leaves another schema than the old ones; to make it so: ${differences.join("; ")}`;
    throw unproven(what, { differences });
  }
  if (!comparesRows) return;
  const sides = { left: left.connection, right: right.connection };
  const tables = await compareRows({ ...sides, schema: expected, since });
  if (tables.length === 0) return;
  const names = tables.map((table) => quoteForMessage(table)).join(", ");
  throw unproven(`its ${direction} leaves other rows than the old ones in ${names}`, { tables });
}

function explainReplay(error: unknown): unknown {
  if (!(error instanceof MigrationError)) return error;
  return unproven(`the old ones cannot be replayed in an empty database: ${error.message}`, {
    cause: error,
    hint: error.hint ?? "correct the revision first; `verify` tries them all",
  });
}

/** The error of a squash that nobody can vouch for. */
export function unproven(
  message: string,
  { cause, hint, ...details }: { readonly cause?: unknown; readonly hint?: string } & Record<string, unknown>,
): MigrationError {
  return new MigrationError(
    "SKM_SQUASH_UNPROVEN",
    `it is not proven that one revision does what the old ones do: ${message}; nothing was written`,
    {
      cause,
      details,
      hint:
        hint ??
        "with --keep-operations the new revision does all that they do, one after the other; or squash a shorter range",
    },
  );
}
