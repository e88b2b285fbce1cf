import { compareSchemas } from "../compare-defaults.ts";
import { MigrationError } from "../../errors/migration-error.ts";
import type { Operation } from "../../ops/operation.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import type { RevisionLibrary } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { addRows } from "./capture-rows.ts";
import { findRenamed } from "./find-renamed.ts";
import type { Stretch } from "./find-stretch.ts";
import { readWay, unproven, type ProofRequest, type Way, type WaySchemas } from "./prove-squash.ts";
import {
  listDataOperations,
  recordRevisions,
  type DataOperation,
  type RecordedRevision,
} from "./record-stretch.ts";

/** What the new revision does. */
export interface Bodies {
  readonly upgrade: readonly Operation[];
  /** `null`: one of the old revisions cannot be undone. */
  readonly downgrade: readonly Operation[] | null;
}

export interface MadeBodies {
  readonly bodies: Bodies;
  /** What a database holds that can take the new revision. */
  readonly before: DatabaseSchema;
  readonly compared: ProofRequest["rows"];
  readonly dropped: readonly DataOperation[];
  /** Rows that it inserts, because the old ones leave them in a new database. */
  readonly rows: number;
}

export interface BodiesOptions {
  readonly keepOperations?: boolean | undefined;
  readonly dropDataOperations?: boolean | undefined;
}

/** The way that leads to a revision from where the range begins. */
export const wayOf = (library: RevisionLibrary, { before }: Stretch, last: string): Way => ({
  library,
  before,
  last,
});

/**
 * Finds out what one revision has to do in the place of several.
 *
 * @throws {SKM_SQUASH_DATA} {SKM_SQUASH_UNPROVEN} it cannot be said
 */
export async function makeBodies(
  context: SchemaContext,
  library: RevisionLibrary,
  { stretch, options }: { readonly stretch: Stretch; readonly options: BodiesOptions },
): Promise<MadeBodies> {
  const recorded = await recordRevisions(library, stretch.revisions);
  const data = listDataOperations(recorded);
  const isKept = options.keepOperations === true;
  if (isKept) assertNoQuestions(data);
  const isReversible = recorded.every(({ downgrade }) => downgrade !== null);
  const schemas = await readWay(context, wayOf(library, stretch, stretch.last), isReversible);
  const { before } = schemas;
  if (isKept) {
    return { before, bodies: joinBodies(recorded, isReversible), compared: "try", dropped: [], rows: 0 };
  }
  const isFromNothing = before.tables.length === 0;
  const mayDrop = options.dropDataOperations === true;
  if (data.length > 0) assertCovered(data, { isFromNothing, mayDrop, problem: findProblem(data, schemas) });
  if (!isFromNothing) assertNothingRenamed(schemas, recorded);
  const bodies = await compareWay(context, schemas);
  if (data.length === 0 || mayDrop) {
    const compared = data.length > 0 ? "none" : isFromNothing ? "try" : "compare";
    return { before, bodies, compared, dropped: data, rows: 0 };
  }
  const { rows } = schemas.contents;
  const upgrade = addRows(bodies.upgrade, rows);
  const count = rows.reduce((sum, table) => sum + table.rows.length, 0);
  return { before, bodies: { ...bodies, upgrade }, compared: "try", dropped: [], rows: count };
}

async function compareWay(
  { scratch }: SchemaContext,
  { before, after, returned }: WaySchemas,
): Promise<Bodies> {
  const compare = async (from: DatabaseSchema, to: DatabaseSchema): Promise<readonly Operation[]> =>
    (await compareSchemas({ from, to }, {}, scratch)).operations;
  return {
    upgrade: await compare(before, after),
    downgrade: returned === null ? null : await compare(after, returned),
  };
}

function findProblem(data: readonly DataOperation[], { contents }: WaySchemas): string | undefined {
  const other = data.find(({ direction, isOther }) => isOther && direction === "upgrade");
  if (other !== undefined) return "one of the statements is neither a definition nor about rows";
  return contents.problem;
}

function joinBodies(recorded: readonly RecordedRevision[], isReversible: boolean): Bodies {
  return {
    upgrade: recorded.flatMap((one) => one.upgrade.operations),
    downgrade: isReversible ? recorded.toReversed().flatMap((one) => one.downgrade?.operations ?? []) : null,
  };
}

function assertNoQuestions(data: readonly DataOperation[]): void {
  const questions = data.filter(({ asks }) => asks);
  const hint = "squash what lies before it and what comes after it, each by itself";
  assertNone(questions, "what they do depends on rows, which no operation says", hint);
}

function assertNothingRenamed({ before, after }: WaySchemas, recorded: readonly RecordedRevision[]): void {
  const up = recorded.flatMap((one) => one.upgrade.operations);
  const down = recorded.toReversed().flatMap((one) => one.downgrade?.operations ?? []);
  const renamed = [...new Set([...findRenamed(before, up), ...findRenamed(after, down)])];
  if (renamed.length > 0)
    throw unproven(`a schema does not tell what is renamed: ${renamed.join("; ")}`, { renamed });
}

interface DataRequest {
  readonly isFromNothing: boolean;
  /** `--drop-data-operations` */
  readonly mayDrop: boolean;
  /** Why the rows that a new database gets cannot be taken as they are. */
  readonly problem: string | undefined;
}

/** A new database has no rows but those that the revisions put in: they are known. All others are not. */
function assertCovered(
  data: readonly DataOperation[],
  { isFromNothing, mayDrop, problem }: DataRequest,
): void {
  if (isFromNothing && (mayDrop || problem === undefined)) return;
  const keep = data.some(({ asks }) => asks)
    ? "squash what lies before and after it, each by itself"
    : "with --keep-operations the new revision does it too, with all else that they do";
  if (mayDrop) assertNone(data, "in databases below the range there may be rows that need it", keep);
  else if (isFromNothing)
    assertNone(data, problem ?? "", `${keep}; with --drop-data-operations new databases go without it`);
  else assertNone(data, "it would be lost", keep);
}

function assertNone(data: readonly DataOperation[], why: string, hint: string): void {
  if (data.length === 0) return;
  const lines = data
    .slice(0, 20)
    .map(({ revision, direction, description }) => `\n  ${revision}, ${direction}: ${description}`);
  const more = data.length > 20 ? `\n  … and ${data.length - 20} more` : "";
  throw new MigrationError(
    "SKM_SQUASH_DATA",
    `cannot squash: the revisions do something to rows, and ${why}:${lines.join("")}${more}`,
    { details: { operations: data }, hint },
  );
}
