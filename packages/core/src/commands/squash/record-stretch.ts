import { changesSchema } from "../../ops/changes-schema.ts";
import { describeOperation } from "../../ops/describe.ts";
import type { Operation } from "../../ops/operation.ts";
import { guardExit } from "../../run/exit-guard.ts";
import { explainFailure } from "../../run/explain-failure.ts";
import { prepareUnit, type PrepareOptions, type Unit } from "../../run/unit.ts";
import type { Step } from "../../revision/revision-info.ts";
import { classifyStatement } from "../../sql/classify-statement.ts";
import { createsFromQuery } from "../../sql/creates-from-query.ts";
import type { RevisionLibrary } from "../revision-library.ts";

/** What one direction of a revision records, until it asks the database something. */
export interface RecordedBody {
  readonly operations: readonly Operation[];
  /** The question, or `null`: then this is all that it does. */
  readonly question: string | null;
}

export interface RecordedRevision {
  readonly revision: string;
  readonly upgrade: RecordedBody;
  /** `null`: it cannot be undone. */
  readonly downgrade: RecordedBody | null;
}

/** What a revision does to rows, which a comparison of schemas does not see. */
export interface DataOperation {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly description: string;
  /** It is neither a definition nor a statement about rows, such as PRAGMA. */
  readonly isOther: boolean;
  /** It depends on the answer of a database, so that no file can say what it does. */
  readonly asks: boolean;
}

/** Runs the bodies of revisions as far as they get without a database. */
export async function recordRevisions(
  { loadRevision }: Pick<RevisionLibrary, "loadRevision">,
  ids: readonly string[],
): Promise<readonly RecordedRevision[]> {
  const guard = guardExit(() => undefined);
  const record = async (revision: string, kind: "upgrade" | "downgrade"): Promise<RecordedBody> => {
    const step: Step = { kind, revision, headsBefore: [], headsAfter: [] };
    const { first, recording } = await prepare(step, { loadRevision, signal: guard.signal });
    recording?.abandon(new Error("only what was recorded is looked at"));
    return { operations: first.operations, question: first.query?.statement.sql ?? null };
  };
  const recorded: RecordedRevision[] = [];
  try {
    for (const revision of ids) {
      const { downgrade } = await loadRevision(revision);
      recorded.push({
        revision,
        upgrade: await record(revision, "upgrade"),
        downgrade: downgrade === undefined ? null : await record(revision, "downgrade"),
      });
    }
  } finally {
    guard.release();
  }
  return recorded;
}

async function prepare(step: Step, options: PrepareOptions): Promise<Unit> {
  try {
    return await prepareUnit(step, options);
  } catch (error) {
    throw explainFailure(error, { step, applied: [], pending: [], heads: undefined });
  }
}

/** Lists what revisions do to rows, in their order. */
export function listDataOperations(recorded: readonly RecordedRevision[]): readonly DataOperation[] {
  return recorded.flatMap(({ revision, upgrade, downgrade }) => [
    ...listOf(revision, "upgrade", upgrade),
    ...(downgrade === null ? [] : listOf(revision, "downgrade", downgrade)),
  ]);
}

function listOf(
  revision: string,
  direction: DataOperation["direction"],
  { operations, question }: RecordedBody,
): readonly DataOperation[] {
  const changes = operations.filter(concernsRows).map((operation) => ({
    revision,
    direction,
    description: describeOperation(operation),
    isOther: isOther(operation),
    asks: false,
  }));
  if (question === null) return changes;
  const description = `ask ${question.replaceAll(/\s+/gu, " ").trim()}`;
  return [...changes, { revision, direction, description, isOther: false, asks: true }];
}

const schemaVerbs: ReadonlySet<string> = new Set(["CREATE", "ALTER", "DROP"]);

/** A statement of the author's that is no definition may do anything; a condition is one on rows. */
function concernsRows(operation: Operation): boolean {
  if (operation.kind === "bulkInsert" || operation.kind === "require") return true;
  return operation.kind === "execute" && !isDefinition(operation.sql);
}

/** A table that is made from a query has its rows, which no schema tells. */
function isDefinition(sql: string): boolean {
  return schemaVerbs.has(classifyStatement(sql).verb) && !createsFromQuery(sql);
}

/** What it does stands in no table: settings of the file, the statistics of ANALYZE. */
const isOther = (operation: Operation): boolean =>
  operation.kind === "execute" && changesSchema(operation) && !createsFromQuery(operation.sql);
