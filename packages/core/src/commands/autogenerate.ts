import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { diffSchemas } from "../autogenerate/diff-schemas.ts";
import { listRisks, type Risk } from "../autogenerate/list-risks.ts";
import { makeCalls } from "../autogenerate/operation-call.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import { reverseOperation } from "../ops/reverse.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { sourcesFromArray } from "../script/revision-source.ts";
import type { Revision } from "../script/revision.ts";
import { assertDrops } from "./assert-drops.ts";
import { compareSchemas } from "./compare-defaults.ts";
import { buildLibrary } from "./revision-library.ts";
import { compareOptions, readSide, type SchemaContext, type SchemaSide } from "./schema-side.ts";
import { copyStatements, explainStatement, withScratch, type Scratch } from "./scratch.ts";
import { hasNoRenames, settleRenames, type RenameAnswers, type SettledRenames } from "./settle-renames.ts";

export interface AutogenerateOptions extends DiffOptions, RenameAnswers {
  /** What the declared schema is compared with; `"heads"`, the replayed revisions, unless told. */
  readonly from?: Exclude<SchemaSide, "declared">;
}

/** The two directions of a revision, both tried in memory. */
export interface GeneratedOperations {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** The operations of the upgrade, a line each. */
  readonly differences: readonly string[];
  /** What the upgrade may lose, and what the rows may have against it. */
  readonly risks: readonly Risk[];
}

/**
 * Finds the operations that lead from the history to the declared schema, and those that lead back. Both are
 * run on an empty copy before they are returned: what comes out is the declared schema, and then the old one.
 *
 * @throws {SKM_SCHEMA_MISSING | SKM_SCHEMA_INVALID} there is no declared schema, or SQLite refuses it.
 * @throws {SKM_AUTOGENERATE_RENAME} it is not known whether something is renamed or dropped, or a name
 * to be renamed or dropped is not one that goes.
 * @throws {SKM_AUTOGENERATE_UNPROVEN} the operations do not lead there, or cannot run.
 */
export async function autogenerate(
  context: SchemaContext,
  { from = "heads", renames, drops, onQuestion, ...given }: AutogenerateOptions = {},
): Promise<GeneratedOperations> {
  const before = await readSide(context, from);
  const target = await readSide(context, "declared");
  const plain = compareOptions(context, given);
  const answers = {
    ...(renames === undefined ? {} : { renames }),
    ...(drops === undefined ? {} : { drops }),
    ...(onQuestion === undefined ? {} : { onQuestion }),
  };
  const renamed = await rename(context, { before, target }, { options: plain, answers });
  const sides = { from: renamed.schema, to: target };
  if (drops !== undefined && drops !== "all")
    assertDrops(drops, { ...sides, before, operations: renamed.operations, options: plain });
  const { operations, options } = await compareSchemas(sides, plain, context.scratch);
  const upgrade = [...renamed.operations, ...operations];
  const downgrade =
    upgrade.length === 0 ? [] : await prove(context, { before, target, renamed, upgrade, options });
  return { upgrade, downgrade, differences: upgrade.map(describeOperation), risks: listRisks(upgrade) };
}

async function rename(
  context: SchemaContext,
  { before, target }: Pick<Proof, "before" | "target">,
  settings: { readonly options: DiffOptions; readonly answers: RenameAnswers },
): Promise<SettledRenames> {
  if (hasNoRenames({ from: before, to: target }, settings)) return { schema: before, operations: [] };
  return await withScratch(context.scratch, async (scratch) => {
    await load(scratch, before);
    return await settleRenames(scratch, target, settings);
  });
}

async function load(scratch: Scratch, schema: DatabaseSchema): Promise<void> {
  const statements = copyStatements(schema);
  try {
    await scratch.run(statements);
  } catch (error) {
    const hint = "a scratch database cannot hold what needs an extension";
    throw explainStatement(error, statements, { what: "the schema so far", hint });
  }
}

interface Proof {
  readonly before: DatabaseSchema;
  readonly target: DatabaseSchema;
  readonly renamed: SettledRenames;
  readonly upgrade: readonly Operation[];
  readonly options: DiffOptions;
}

/** Runs both directions and returns the second, which begins where the first really ends. */
async function prove(context: SchemaContext, proof: Proof): Promise<readonly Operation[]> {
  const { before, target, renamed, upgrade, options } = proof;
  return await withScratch(context.scratch, async (scratch) => {
    await load(scratch, before);
    const back: { operations: readonly Operation[] } = { operations: [] };
    const library = buildLibrary({
      sources: sourcesFromArray([
        revision("there", null, () => upgrade),
        revision("back", "there", () => back.operations),
      ]),
      problems: [],
    });
    await step(() => scratch.upgrade(library, "there"), "upgrade");
    const reached = await scratch.readSchema();
    assertNothingLeft(diffSchemas(reached, target, options), "upgrade");
    const again = await compareSchemas({ from: reached, to: renamed.schema }, options, context.scratch);
    back.operations = [
      ...again.operations,
      ...renamed.operations.toReversed().flatMap((operation) => reverseOperation(operation) ?? []),
    ];
    await step(() => scratch.upgrade(library, "back"), "downgrade");
    const returned = { from: await scratch.readSchema(), to: before };
    const last = await compareSchemas(returned, options, context.scratch);
    assertNothingLeft(last.operations, "downgrade");
    return back.operations;
  });
}

function revision(id: string, downRevision: string | null, operations: () => readonly Operation[]): Revision {
  return {
    revision: id,
    downRevision,
    upgrade: (op) => {
      makeCalls(op, operations());
    },
  };
}

async function step(run: () => Promise<void>, direction: string): Promise<void> {
  try {
    await run();
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause;
    throw unproven(`the ${direction} cannot run: ${cause.message}`, { cause, hint: cause.hint });
  }
}

function assertNothingLeft(left: readonly Operation[], direction: string): void {
  if (left.length === 0) return;
  const differences = left.map(describeOperation);
  throw unproven(`the ${direction} leaves differences: ${differences.join("; ")}`, { differences });
}

function unproven(
  message: string,
  {
    cause,
    hint = "write this change by hand, or leave the object out with exclude",
    differences = [],
  }: {
    readonly cause?: unknown;
    readonly hint?: string | undefined;
    readonly differences?: readonly string[];
  },
): MigrationError {
  return new MigrationError("SKM_AUTOGENERATE_UNPROVEN", `cannot generate a revision: ${message}`, {
    cause,
    hint,
    details: { differences },
  });
}
