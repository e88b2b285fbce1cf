import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { selectObjects } from "../autogenerate/select-objects.ts";
import { findTools, toolTables, type FoundTool } from "../inspect/migration-tables.ts";
import { readSchema } from "../inspect/read-schema.ts";
import { describeOperation } from "../ops/describe.ts";
import { history } from "../revision/history.ts";
import { readSettled } from "../revision/replaced.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { sameHeads } from "../run/settle-commit.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import {
  ambiguous,
  assertExcluded,
  differs,
  emptyDatabase,
  findUnknown,
  foreignRows,
  noRevisions,
  nothingThere,
} from "./adopt-errors.ts";
import { compareSchemas } from "./compare-defaults.ts";
import { assertNotNewer } from "./newer-database.ts";
import { assertSound, type RevisionLibrary } from "./revision-library.ts";
import { compareOptions, type SchemaContext } from "./schema-side.ts";
import { withScratch } from "./scratch.ts";
import { stamp } from "./stamp.ts";

export interface AdoptOptions {
  /** The revision whose schema the database has; found out unless told. */
  readonly target?: string | readonly string[];
  /** Tables, views, indexes and triggers that no revision makes; `*` for any characters. */
  readonly exclude?: readonly string[];
  /** Replaces version rows that name revisions which do not exist here. */
  readonly purge?: boolean;
  /** Compares, and writes nothing. */
  readonly dryRun?: boolean;
}

/** How a database was taken over. */
export interface Adoption {
  /** `"proven"`: a dry run, which has written nothing. `"confirmed"`: it was stamped so already. */
  readonly outcome: "stamped" | "confirmed" | "proven";
  readonly heads: readonly string[];
  /** The version rows that were there before. */
  readonly headsBefore: readonly string[];
  /** Tools that have kept books in the database; their tables stay as they are. */
  readonly tools: readonly FoundTool[];
}

/** What the database would have to become another for, at some revision. */
export interface State {
  readonly heads: readonly string[];
  readonly differences: readonly string[];
  /** Every name that the revisions up to there have made. */
  readonly names: readonly string[];
}

/**
 * Takes over a database that another tool has made: finds the revision whose schema, replayed in memory, is that
 * of the database, and stamps it. Nothing is stamped without that proof. Rows are not compared.
 *
 * @throws {MigrationError} SKM_ADOPT_DIFFERS with the differences to the revision, or to the nearest one;
 * SKM_ADOPT_AMBIGUOUS when several revisions have this schema; SKM_VERSION_UNKNOWN when the version rows name
 * revisions that do not exist here, without `purge`; SKM_DATABASE_NEWER when the database says itself that they are
 * those of newer code, without `purge`.
 */
export async function adopt(context: SchemaContext, options: AdoptOptions = {}): Promise<Adoption> {
  const { session } = context;
  const library = assertSound(await context.library());
  const headsBefore = await session.readHeads("read");
  const connection = session.connection();
  if (connection === undefined) throw nothingThere();
  if (options.purge !== true) await assertNotNewer(session, library.graph, headsBefore);
  const live = await readSchema(connection);
  const tools = await findTools(
    connection,
    live.tables.map(({ name }) => name),
  );
  const how = compareOptions(context, { exclude: [...toolTables, ...(options.exclude ?? [])] });
  const { target, exclude = [] } = options;
  const heads = await prove(context, library, { live, how, target, exclude });
  const adoption = { heads, headsBefore, tools };
  if (sameHeads(headsBefore, heads)) return { outcome: "confirmed", ...adoption };
  const unknown = readSettled(library.graph, headsBefore).filter((id) => !isKnown(library, id));
  if (unknown.length > 0 && options.purge !== true) throw foreignRows(unknown);
  if (options.dryRun === true) return { outcome: "proven", ...adoption };
  await stamp(context, heads.length === 0 ? "base" : heads, { purge: unknown.length > 0 });
  return { outcome: "stamped", ...adoption };
}

function isKnown({ graph }: RevisionLibrary, id: string): boolean {
  return history(graph).includes(id);
}

interface Proof {
  readonly live: DatabaseSchema;
  readonly how: DiffOptions;
  readonly target: AdoptOptions["target"];
  /** What the caller leaves out. */
  readonly exclude: readonly string[];
}

async function prove(
  context: SchemaContext,
  library: RevisionLibrary,
  proof: Proof,
): Promise<readonly string[]> {
  const { target, live, how, exclude } = proof;
  const states =
    target === undefined
      ? await compareAll(context, library, proof)
      : [await compareOne(context, library, { ...proof, target })];
  const names = [...live.names, ...states.flatMap((state) => state.names)];
  if (findUnknown(exclude, names) !== undefined)
    assertExcluded(exclude, [...names, ...(await namesAtHeads(context, library))]);
  const [first, ...others] = states.filter(({ differences }) => differences.length === 0);
  if (first === undefined) {
    if (isEmpty(selectObjects(live, how))) throw emptyDatabase();
    throw states.length === 0 ? noRevisions() : differs(states, target !== undefined);
  }
  if (others.length > 0) throw ambiguous([first, ...others]);
  return first.heads;
}

async function compareOne(
  context: SchemaContext,
  library: RevisionLibrary,
  { live, how, target }: Proof & { readonly target: string | readonly string[] },
): Promise<State> {
  const ids = resolveRevisions(library.graph, typeof target === "string" ? target : [...target]);
  return await withScratch(context.scratch, async (scratch) => {
    // Without an id it is base, where nothing has been made.
    if (ids.length > 0) await scratch.upgrade(library, ids);
    const heads = ids.length === 0 ? [] : upgradePath(library.graph, [], [...ids]).at(-1)?.headsAfter;
    return await compare(context, { heads: heads ?? ids, made: await scratch.readSchema(), live, how });
  });
}

/** Another revision than the named one may make what is left out. */
async function namesAtHeads(context: SchemaContext, library: RevisionLibrary): Promise<readonly string[]> {
  if (library.graph.heads.length === 0) return [];
  return await withScratch(context.scratch, async (scratch) => {
    await scratch.upgrade(library, "heads");
    return (await scratch.readSchema()).names;
  });
}

/** Goes from base to the heads, and compares after each revision. */
async function compareAll(
  context: SchemaContext,
  library: RevisionLibrary,
  { live, how }: Proof,
): Promise<readonly State[]> {
  const steps = upgradePath(library.graph, [], "heads");
  return await withScratch(context.scratch, async (scratch) => {
    const states: State[] = [];
    for (const { headsAfter } of steps) {
      await scratch.upgrade(library, headsAfter);
      const made = await scratch.readSchema();
      states.push(await compare(context, { heads: headsAfter, made, live, how }));
    }
    return states;
  });
}

interface Comparison {
  readonly heads: readonly string[];
  readonly made: DatabaseSchema;
  readonly live: DatabaseSchema;
  readonly how: DiffOptions;
}

/** What would turn what the revisions make into what the database is. */
async function compare({ scratch }: SchemaContext, { heads, made, live, how }: Comparison): Promise<State> {
  const { operations } = await compareSchemas({ from: made, to: live }, how, scratch);
  return { heads, differences: operations.map(describeOperation), names: made.names };
}

function isEmpty({ tables, views, triggers }: DatabaseSchema): boolean {
  return tables.length === 0 && views.length === 0 && triggers.length === 0;
}
