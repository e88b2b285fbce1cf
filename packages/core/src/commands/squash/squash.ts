import { makeCalls } from "../../autogenerate/operation-call.ts";
import { renderRevisionFile } from "../../autogenerate/render/render-template.ts";
import { describeOperation } from "../../ops/describe.ts";
import { validateRevisionId } from "../../revision/revision-id.ts";
import { assertFreeId } from "../../revision/plan-new-revision.ts";
import { listNames } from "../../revision/revision-node.ts";
import type { RevisionInfo } from "../../revision/revision-info.ts";
import { sourcesFromArray } from "../../script/revision-source.ts";
import type { Revision } from "../../script/revision.ts";
import { parseSqlRevision, renderSqlRevision } from "../../script/sql-revision.ts";
import { placeOfFile } from "../../script/wrong-export.ts";
import { choosePath, type RevisionFileStyle } from "../create-revision.ts";
import { assertSound, buildLibrary, type RevisionLibrary } from "../revision-library.ts";
import type { SchemaContext } from "../schema-side.ts";
import { compileScripts } from "../sql-bodies.ts";
import { findStaleSnapshot, type StaleSnapshot } from "./find-stale-snapshot.ts";
import { findStretch, type Stretch } from "./find-stretch.ts";
import { makeBodies, wayOf, type BodiesOptions, type MadeBodies } from "./make-bodies.ts";
import { proveSame } from "./prove-squash.ts";
import type { DataOperation } from "./record-stretch.ts";
import { archiveFiles, listRemovable, removeFiles } from "./replace-files.ts";
import { writeSquashed } from "./write-squashed.ts";

export interface SquashOptions extends RevisionFileStyle, BodiesOptions {
  /** 12 random hexadecimal digits unless told. */
  readonly revision?: string;
  readonly message?: string;
  /** One of the directories of revision files; that of the old ones unless told. */
  readonly directory?: string;
  /** Now unless told. */
  readonly createDate?: Date;
  /**
   * The new revision does all that the old ones do, one after the other. Unless told it makes the schema that they
   * make, and from a base the rows that they leave in a new database; what else they do to rows is refused.
   */
  readonly keepOperations?: boolean;
  /** Leaves out what the old ones do to rows; only from a base, where no row of anybody's can be lost by it. */
  readonly dropDataOperations?: boolean;
  /** Copies the old files to this directory before they are removed. */
  readonly archive?: string;
  /** Proves, and writes nothing. */
  readonly dryRun?: boolean;
}

/** A revision that has taken the place of several. */
export interface SquashedRevision {
  /** `"proven"`: a dry run, which has written nothing. */
  readonly outcome: "written" | "proven";
  readonly revision: string;
  readonly downRevision: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly replaces: readonly string[];
  readonly message: string | null;
  readonly createDate: string;
  /** The new file, and its text as it is before hooks change it. */
  readonly path: string;
  readonly text: string;
  /** The old files: they are gone, or would be. */
  readonly removed: readonly string[];
  /** One line for each operation of the upgrade. */
  readonly operations: readonly string[];
  readonly isReversible: boolean;
  /** Rows that it inserts, because the old ones leave them in a new database. */
  readonly rows: number;
  /** What was left out, as it was asked for. */
  readonly dropped: readonly DataOperation[];
  /** Whether the proof had rows to compare. */
  readonly rowsCompared: boolean;
  /** Tables that took no sample row, sorted; of these only the definition was compared. */
  readonly tablesWithoutRows: readonly string[];
  /** The snapshot that has to be written anew, as it stands for the old revisions; `null` where there is none. */
  readonly staleSnapshot: StaleSnapshot | null;
}

/**
 * Writes one revision in the place of several that follow each other, and removes their files. Before anything is
 * written, both are run in memory, up and down again, and must leave the same schema and the same rows.
 *
 * @param range `from:to`, both included; from the base and up to the head where an end is left out.
 * @throws {SKM_SQUASH_RANGE} they are no line of their own
 * @throws {SKM_SQUASH_DATA} they do something to rows, or ask the database
 * @throws {SKM_SQUASH_UNPROVEN} the new one does not do what they do, or nobody can tell
 * @throws {SKM_SQUASH_FILES} {SKM_SQUASH_PARTIAL} their files cannot be removed, or not all of them
 */
export async function squash(
  context: SchemaContext,
  range: string,
  options: SquashOptions = {},
): Promise<SquashedRevision> {
  const library = assertSound(await context.library());
  const stretch = findStretch(library.graph, range);
  const files = listRemovable(library, context.locations, stretch.revisions);
  const info = describeSquash(library, stretch, options);
  const createDate = new Date(info.createDate ?? 0);
  const planned = { revision: info.revision, downRevision: [stretch.last] };
  const path = choosePath(context, {
    library,
    planned,
    options: { ...options, message: info.message },
    createDate,
  });
  const made = await makeBodies(context, library, { stretch, options });
  const { bodies } = made;
  const { text, revision } = await renderSquashed(context, { info, path, options, ...made });
  const squashed = withSquashed(library, stretch, revision);
  const proof = await proveSame(context, {
    old: wayOf(library, stretch, stretch.last),
    squashed: wayOf(squashed, stretch, info.revision),
    isReversible: bodies.downgrade !== null,
    rows: made.compared,
  });
  if (options.dryRun !== true) {
    if (options.archive !== undefined) archiveFiles(files, options.archive, context.locations);
    await writeSquashed(context, { path, text, info, files, squashed, afterWrite: options.afterWrite });
    removeFiles(files, path);
    context.forgetLibrary();
    assertSound(await context.library());
  }
  return {
    outcome: options.dryRun === true ? "proven" : "written",
    revision: info.revision,
    downRevision: listNames(info.downRevision),
    dependsOn: stretch.dependsOn,
    branchLabels: stretch.branchLabels,
    replaces: stretch.replaces,
    message: info.message ?? null,
    createDate: info.createDate ?? "",
    path,
    text,
    removed: files,
    operations: bodies.upgrade.map(describeOperation),
    isReversible: bodies.downgrade !== null,
    rows: made.rows,
    dropped: made.dropped,
    ...proof,
    staleSnapshot: findStaleSnapshot(context, stretch.revisions),
  };
}

function describeSquash(library: RevisionLibrary, stretch: Stretch, options: SquashOptions): RevisionInfo {
  const { revision = crypto.randomUUID().slice(-12), message, createDate = new Date() } = options;
  validateRevisionId(revision);
  assertFreeId(library.graph.index, revision);
  const { downRevision, dependsOn, branchLabels, replaces, minimumReader, revisions, last } = stretch;
  const few = (names: readonly string[]) => (names.length > 1 ? names : names[0]);
  return {
    revision,
    downRevision,
    branchLabels: few(branchLabels),
    dependsOn: few(dependsOn),
    replaces,
    minimumReader,
    message: message?.trim() || `squash ${revisions[0] ?? ""} to ${last}`,
    createDate: `${createDate.toISOString().slice(0, 19)}Z`,
  };
}

interface RenderRequest extends MadeBodies {
  readonly info: RevisionInfo;
  readonly path: string;
  readonly options: SquashOptions;
}

/** The text of the new file, and the revision that it should be read as. */
async function renderSquashed(
  context: SchemaContext,
  { info, path, options, bodies, before }: RenderRequest,
): Promise<{ readonly text: string; readonly revision: Revision }> {
  const { upgrade, downgrade } = bodies;
  if (options.format === "sql") {
    const scripts = await compileScripts(context, { before, upgrade, downgrade: downgrade ?? [] });
    const text = renderSqlRevision(info, {
      ...scripts,
      downgrade: downgrade === null ? null : scripts.downgrade,
    });
    return { text, revision: parseSqlRevision(text, placeOfFile(path)) };
  }
  const revision: Revision = {
    ...info,
    upgrade: (op) => {
      makeCalls(op, upgrade);
    },
    downgrade:
      downgrade === null
        ? undefined
        : (op) => {
            makeCalls(op, downgrade);
          },
  };
  return { text: renderRevisionFile(info, { template: options.template, operations: bodies }), revision };
}

/** The revisions as they will be, with the new one in memory. */
function withSquashed(library: RevisionLibrary, { revisions }: Stretch, revision: Revision): RevisionLibrary {
  const gone = new Set(revisions);
  const left = library.directory.sources.filter((one) => !gone.has(one.info.revision));
  return assertSound(buildLibrary({ sources: [...left, ...sourcesFromArray([revision])], problems: [] }));
}
