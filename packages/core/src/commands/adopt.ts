import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { findTools, toolTables, type FoundTool } from "../inspect/migration-tables.ts";
import { readSchema } from "../inspect/read-schema.ts";
import { describeOperation } from "../ops/describe.ts";
import { history } from "../revision/history.ts";
import { readSettled } from "../revision/replaced.ts";
import { resolveRevisions } from "../revision/resolve-revisions.ts";
import { upgradePath } from "../revision/upgrade-path.ts";
import { sameHeads } from "../run/settle-commit.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { compareSchemas } from "./compare-defaults.ts";
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

interface State {
  readonly heads: readonly string[];
  readonly differences: readonly string[];
}

/**
 * Takes over a database that another tool has made: finds the revision whose schema, replayed in memory, is that
 * of the database, and stamps it. Nothing is stamped without that proof. Rows are not compared.
 *
 * @throws {MigrationError} SKM_ADOPT_DIFFERS with the differences to the revision, or to the nearest one;
 * SKM_ADOPT_AMBIGUOUS when several revisions have this schema; SKM_VERSION_UNKNOWN when the version rows name
 * revisions that do not exist here, without `purge`.
 */
export async function adopt(context: SchemaContext, options: AdoptOptions = {}): Promise<Adoption> {
  const { session } = context;
  const library = assertSound(await context.library());
  const headsBefore = await session.readHeads("read");
  const connection = session.connection();
  if (connection === undefined) throw nothingThere();
  const live = await readSchema(connection);
  const tools = await findTools(
    connection,
    live.tables.map(({ name }) => name),
  );
  const how = compareOptions(context, { exclude: [...toolTables, ...(options.exclude ?? [])] });
  const heads = await prove(context, library, { live, how, target: options.target });
  const adoption = { heads, headsBefore, tools };
  if (sameHeads(headsBefore, heads)) return { outcome: "confirmed", ...adoption };
  const unknown = readSettled(library.graph, headsBefore).filter((id) => !isKnown(library, id));
  if (unknown.length > 0 && options.purge !== true) throw foreignRows(unknown);
  if (options.dryRun === true) return { outcome: "proven", ...adoption };
  await stamp(context, heads, { purge: unknown.length > 0 });
  return { outcome: "stamped", ...adoption };
}

function isKnown({ graph }: RevisionLibrary, id: string): boolean {
  return history(graph).includes(id);
}

interface Proof {
  readonly live: DatabaseSchema;
  readonly how: DiffOptions;
  readonly target: AdoptOptions["target"];
}

async function prove(
  context: SchemaContext,
  library: RevisionLibrary,
  proof: Proof,
): Promise<readonly string[]> {
  const { target } = proof;
  const states =
    target === undefined
      ? await compareAll(context, library, proof)
      : [await compareOne(context, library, { ...proof, target })];
  const [first, ...others] = states.filter(({ differences }) => differences.length === 0);
  if (first === undefined) throw differs(states, target !== undefined);
  if (others.length > 0) throw ambiguous([first, ...others]);
  return first.heads;
}

async function compareOne(
  context: SchemaContext,
  library: RevisionLibrary,
  { live, how, target }: Proof & { readonly target: string | readonly string[] },
): Promise<State> {
  const ids = resolveRevisions(library.graph, typeof target === "string" ? target : [...target]);
  if (ids.length === 0)
    throw new MigrationError("SKM_USAGE", "no revision is named", { hint: "name one, or head" });
  return await withScratch(context.scratch, async (scratch) => {
    await scratch.upgrade(library, ids);
    const differences = await compare(context, { made: await scratch.readSchema(), live, how });
    return { heads: upgradePath(library.graph, [], [...ids]).at(-1)?.headsAfter ?? ids, differences };
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
      const differences = await compare(context, { made: await scratch.readSchema(), live, how });
      states.push({ heads: headsAfter, differences });
    }
    return states;
  });
}

interface Comparison {
  readonly made: DatabaseSchema;
  readonly live: DatabaseSchema;
  readonly how: DiffOptions;
}

/** What would turn what the revisions make into what the database is. */
async function compare(
  { scratch }: SchemaContext,
  { made, live, how }: Comparison,
): Promise<readonly string[]> {
  const { operations } = await compareSchemas({ from: made, to: live }, how, scratch);
  return operations.map(describeOperation);
}

/** How many differences a message shows. */
const shown = 20;

function differs(states: readonly State[], isNamed: boolean): MigrationError {
  const nearest = states.reduce<State | undefined>(
    (best, state) =>
      best === undefined || state.differences.length <= best.differences.length ? state : best,
    undefined,
  );
  const { heads = [], differences = [] } = nearest ?? {};
  const name = heads.map((id) => quoteForMessage(id)).join(", ");
  const lines = differences.slice(0, shown).map((difference) => `\n  ${difference}`);
  const more = differences.length > shown ? `\n  … and ${differences.length - shown} more` : "";
  const which = isNamed ? `of ${name}` : `of any revision; the nearest is ${name}`;
  return new MigrationError(
    "SKM_ADOPT_DIFFERS",
    `the schema of the database is not that ${which}, which this would turn into it:${lines.join("")}${more}`,
    {
      details: { heads, differences },
      hint: "write a revision that makes these objects as they are, change the database, or leave them out with --exclude",
    },
  );
}

function ambiguous(states: readonly State[]): MigrationError {
  const candidates = states.map(({ heads }) => heads.join(" "));
  return new MigrationError(
    "SKM_ADOPT_AMBIGUOUS",
    `several revisions have the schema of the database: ${candidates.join(", ")}`,
    {
      details: { candidates },
      hint: "what lies between them leaves the schema as it is: find out which of them have run here, and name the last one",
    },
  );
}

function foreignRows(unknown: readonly string[]): MigrationError {
  const names = unknown.map((id) => quoteForMessage(id)).join(", ");
  return new MigrationError(
    "SKM_VERSION_UNKNOWN",
    `the version table names revisions that are not here: ${names}`,
    {
      details: { unknown },
      hint: "with --purge they are replaced; Alembic can then no longer carry on where it stopped",
    },
  );
}

function nothingThere(): MigrationError {
  return new MigrationError("SKM_DB_MISSING", "there is no database to adopt", {
    hint: "check the path; a new database is made by `upgrade`",
  });
}
