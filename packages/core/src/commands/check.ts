import { isMigrationError, type MigrationError } from "../errors/migration-error.ts";
import { findForkedHeads } from "../revision/forked-heads.ts";
import { readSettled } from "../revision/replaced.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { sameHeads } from "../run/settle-commit.ts";
import * as findings from "./check-findings.ts";
import type { DiffRequest } from "./diff.ts";
import { assertSound } from "./revision-library.ts";
import type { SchemaContext } from "./schema-side.ts";
import { mayBeThere } from "./snapshot/snapshot-place.ts";

/**
 * `"pending"`: every revision is applied, and every applied one is known · `"edited"`: none was edited after it
 * was applied, as far as a journal and the note about older code tell · `"heads"`: the revisions do not fork · `"schema"`: the revisions make
 * the declared schema · `"drift"`: the database holds what its revisions make.
 * · `"snapshot"`: a snapshot makes what its revisions make.
 * `"heads"`, `"schema"` and `"snapshot"` do not look at the database.
 */
export type CheckName = "pending" | "edited" | "heads" | "schema" | "drift" | "snapshot";

export interface CheckRequest {
  /** All that can be asked, unless told: `"schema"` needs a declared schema, `"drift"` and `"snapshot"` a scratch database. */
  readonly checks?: readonly CheckName[];
}

export interface CheckResult {
  /** Every revision is applied. */
  readonly upToDate: boolean;
  readonly heads: readonly string[];
  /** The revisions that `upgrade heads` would apply, in order. */
  readonly pending: readonly string[];
  /** What was looked at. */
  readonly checked: readonly CheckName[];
  /** What is wrong, an error each; empty when all is well. */
  readonly findings: readonly MigrationError[];
}

type Position = Pick<CheckResult, "heads" | "pending" | "upToDate"> & {
  /** The database is at a revision that is not among the files. */
  readonly unknown: MigrationError | undefined;
};

/**
 * Compares database, revisions and declared schema. Writes nothing.
 *
 * @throws {SKM_SCHEMA_MISSING} `"schema"` is asked for, and none is declared.
 * @throws {MigrationError} the revisions cannot be read, or not be replayed in an empty database.
 */
export async function check(context: SchemaContext, request: CheckRequest = {}): Promise<CheckResult> {
  const { graph } = assertSound(await context.library());
  const checked = request.checks ?? possibleChecks(context);
  const asks = (name: CheckName): boolean => checked.includes(name);
  const needsDatabase = asks("pending") || asks("edited") || asks("drift");
  const position = needsDatabase
    ? await locate(context, graph, await context.session.readHeads("read"))
    : { heads: [], pending: [], upToDate: true, unknown: undefined };
  const { heads, pending, upToDate, unknown } = position;
  const forked = asks("heads") ? findForkedHeads(graph) : [];
  return {
    upToDate,
    heads,
    pending,
    checked,
    findings: [
      ...(unknown === undefined || !needsDatabase ? [] : [findings.unknownRevision(unknown)]),
      ...(asks("pending") && pending.length > 0 ? [findings.pendingRevisions({ heads, pending })] : []),
      ...(asks("edited") && unknown === undefined ? await findEdited(context, graph) : []),
      ...(forked.length === 0 ? [] : [findings.forkedHeads(forked)]),
      ...(asks("schema") ? await findUndeclared(context) : []),
      // What revisions that are unknown have made cannot be told from drift.
      ...(asks("drift") && unknown === undefined ? await findDrift(context, heads) : []),
      ...(asks("snapshot") ? await findOtherSnapshot(context) : []),
    ],
  };
}

function possibleChecks({ declared, scratch, snapshot }: SchemaContext): readonly CheckName[] {
  const always: readonly CheckName[] = ["pending", "edited", "heads"];
  if (scratch.driver === undefined) return always;
  return [
    ...always,
    ...(declared === undefined ? [] : (["schema"] as const)),
    "drift",
    ...(snapshot === null || !mayBeThere(snapshot) ? [] : (["snapshot"] as const)),
  ];
}

async function locate(
  context: SchemaContext,
  graph: RevisionGraph,
  rows: readonly string[],
): Promise<Position> {
  const heads = readSettled(graph, rows);
  if (sameHeads(heads, graph.realHeads.toSorted())) {
    return { heads, pending: [], upToDate: true, unknown: undefined };
  }
  try {
    const pending = upgradePath(graph, heads, "heads").map(({ revision }) => revision);
    return { heads, pending, upToDate: pending.length === 0, unknown: undefined };
  } catch (error) {
    const isUnknown = isMigrationError(error, "SKM_VERSION_UNKNOWN");
    if (!isUnknown && !isMigrationError(error, "SKM_VERSION_REPLACED")) throw error;
    if (!isUnknown) return { heads, pending: [], upToDate: false, unknown: error };
    const { explainUnknown } = await import("./on-demand.ts");
    return { heads, pending: [], upToDate: false, unknown: await explainUnknown(context, error) };
  }
}

async function findEdited(context: SchemaContext, graph: RevisionGraph): Promise<readonly MigrationError[]> {
  const { findEditedRevisions, findOutdatedReaders } = await import("./on-demand.ts");
  const edited = await findEditedRevisions(context);
  const outdated = await findOutdatedReaders(context, graph);
  return [
    ...edited.map((one) => findings.editedRevision(one)),
    ...outdated.map((one) => findings.editedReaders(one)),
  ];
}

async function findOtherSnapshot(context: SchemaContext): Promise<readonly MigrationError[]> {
  const { checkSnapshot } = await import("./on-demand.ts");
  return await checkSnapshot(context);
}

async function findUndeclared(context: SchemaContext): Promise<readonly MigrationError[]> {
  const differences = await listDifferences(context, { from: "heads", to: "declared" });
  return differences.length === 0 ? [] : [findings.otherSchema(differences)];
}

async function findDrift(
  context: SchemaContext,
  heads: readonly string[],
): Promise<readonly MigrationError[]> {
  const differences = await listDifferences(context, { from: "current", to: "database" });
  return differences.length === 0 ? [] : [findings.drift(heads, differences)];
}

/** What compares schemas is imported where it is needed: many checks end before. */
async function listDifferences(context: SchemaContext, request: DiffRequest): Promise<readonly string[]> {
  const { diff } = await import("./on-demand.ts");
  return (await diff(context, request)).differences;
}
