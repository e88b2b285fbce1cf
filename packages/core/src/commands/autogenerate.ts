import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { listRisks, type Risk } from "../autogenerate/list-risks.ts";
import { makeCalls } from "../autogenerate/operation-call.ts";
import { describeOperation } from "../ops/describe.ts";
import type { Operation } from "../ops/operation.ts";
import { reverseOperation } from "../ops/reverse.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import type { Revision } from "../script/revision.ts";
import { assertDrops } from "./assert-drops.ts";
import { compareSchemas } from "./compare-defaults.ts";
import { loadSchema, proveDirections } from "./prove-directions.ts";
import { compareOptions, readSide, type SchemaContext, type SchemaSide } from "./schema-side.ts";
import { withScratch } from "./scratch.ts";
import { hasNoRenames, settleRenames, type RenameAnswers, type SettledRenames } from "./settle-renames.ts";
import { renderSqlBodies, type SqlBodies } from "./sql-bodies.ts";
import { listTrialTables, selectTables } from "./trial-schema.ts";

export interface AutogenerateOptions extends DiffOptions, RenameAnswers {
  /** What the declared schema is compared with; `"heads"`, the replayed revisions, unless told. */
  readonly from?: Exclude<SchemaSide, "declared">;
  /** Also writes both directions as SQL, for a revision that is a script. */
  readonly sql?: boolean;
}

/** The two directions of a revision, both tried in memory. */
export interface GeneratedOperations {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** The operations of the upgrade, a line each. */
  readonly differences: readonly string[];
  /** What the upgrade may lose, and what the rows may have against it. */
  readonly risks: readonly Risk[];
  /** Both directions as SQL, where that was asked for and there is something to do. */
  readonly sql?: SqlBodies;
}

/**
 * Finds the operations that lead from the history to the declared schema, and those that lead back. Both are
 * run on an empty copy before they are returned: what comes out is the declared schema, and then the old one.
 *
 * @throws {SKM_SCHEMA_MISSING | SKM_SCHEMA_INVALID} there is no declared schema, or SQLite refuses it.
 * @throws {SKM_AUTOGENERATE_RENAME} it is not known whether something is renamed or dropped, or a name
 * to be renamed or dropped is not one that goes.
 * @throws {SKM_AUTOGENERATE_UNPROVEN} the operations do not lead there, or cannot run.
 * @throws {SKM_NEEDS_REBUILD} `sql` is asked for, and a table would have to be rebuilt.
 */
export async function autogenerate(
  context: SchemaContext,
  { from = "heads", renames, drops, onQuestion, sql: asSql = false, ...given }: AutogenerateOptions = {},
): Promise<GeneratedOperations> {
  const before = await readSide(context, from);
  const target = await readSide(context, "declared", { side: from, schema: before });
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
  const differences = upgrade.map(describeOperation);
  if (upgrade.length === 0) return { upgrade, downgrade: [], differences, risks: [] };
  const trial = selectTrial({ before, target, renamed }, upgrade);
  const downgrade = await prove(context, { ...trial, upgrade, options });
  const bodies = { ...trial, upgrade, downgrade, options };
  return {
    upgrade,
    downgrade,
    differences,
    risks: listRisks(upgrade),
    ...(asSql ? { sql: await renderSqlBodies(context, bodies) } : {}),
  };
}

interface RenamedSides {
  readonly before: DatabaseSchema;
  readonly target: DatabaseSchema;
  readonly renamed: SettledRenames;
}

async function rename(
  context: SchemaContext,
  { before, target }: Pick<RenamedSides, "before" | "target">,
  settings: { readonly options: DiffOptions; readonly answers: RenameAnswers },
): Promise<SettledRenames> {
  if (hasNoRenames({ from: before, to: target }, settings)) return { schema: before, operations: [] };
  return await withScratch(context.scratch, async (scratch) => {
    await loadSchema(scratch, before);
    return await settleRenames(scratch, target, settings);
  });
}

/** What the trial runs with: the rest of a large schema would only make it slow. */
function selectTrial(
  { before, target, renamed }: RenamedSides,
  operations: readonly Operation[],
): RenamedSides {
  const names = listTrialTables({ from: before, to: target, operations });
  const schema = selectTables(renamed.schema, names);
  return {
    before: selectTables(before, names),
    target: selectTables(target, names),
    renamed: { ...renamed, schema },
  };
}

interface Proof extends RenamedSides {
  readonly upgrade: readonly Operation[];
  readonly options: DiffOptions;
}

/** Runs both directions and returns the second, which begins where the first really ends. */
async function prove(context: SchemaContext, proof: Proof): Promise<readonly Operation[]> {
  const { before, renamed, upgrade, options } = proof;
  return await withScratch(context.scratch, async (scratch) => {
    await loadSchema(scratch, before);
    const back: { operations: readonly Operation[] } = { operations: [] };
    await proveDirections(context, scratch, {
      ...proof,
      there: revision("there", null, () => upgrade),
      back: revision("back", "there", () => back.operations),
      between: async (reached) => {
        const again = await compareSchemas({ from: reached, to: renamed.schema }, options, context.scratch);
        back.operations = [
          ...again.operations,
          ...renamed.operations.toReversed().flatMap((operation) => reverseOperation(operation) ?? []),
        ];
      },
    });
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
