import { renderRevisionFile } from "../autogenerate/render/render-template.ts";
import type { RevisionOperations } from "../autogenerate/render/render-revision.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { planNewRevision, type NewRevision } from "../revision/plan-new-revision.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";
import { defaultFileName, renderFileName } from "../script/file-name.ts";
import { loadNodeBuiltins } from "../script/node-builtins.ts";
import { renderSqlRevision } from "../script/sql-revision.ts";
import { removeFile, writeNewFile } from "../script/write-revision-file.ts";
import { chooseDirectory } from "./choose-directory.ts";
import type { CommandContext } from "./context.ts";
import type { SqlBodies } from "./sql-bodies.ts";
import { assertSound, combineProblems, type RevisionLibrary } from "./revision-library.ts";

/** What a revision file is written in. */
export type RevisionFormat = "ts" | "mts" | "js" | "mjs" | "sql";

/** How new revision files look; the same for all of a project. */
export interface RevisionFileStyle {
  /** `ts` unless told. */
  readonly format?: RevisionFormat;
  /** The text of a template instead of the built-in one; not for `sql`. */
  readonly template?: string;
  /** The name without its extension, `{rev}_{slug}` unless told. */
  readonly fileName?: string;
  /** Most characters of the slug, 40 unless told. */
  readonly slugLength?: number;
  /** Called with the path of the file when it is written; the file is deleted when this fails. */
  readonly afterWrite?: (path: string) => void | Promise<void>;
}

export interface CreateRevisionOptions extends RevisionFileStyle {
  readonly message?: string;
  /** 12 random hexadecimal digits unless told. */
  readonly revision?: string;
  /** What the new revision follows: `head` unless told; several make a merge, `base` a new root. */
  readonly head?: string | readonly string[];
  /** Allows to follow a revision that others follow already. */
  readonly splice?: boolean;
  readonly dependsOn?: string | readonly string[];
  readonly branchLabels?: string | readonly string[];
  /** The oldest revisions whose code may still open a database at the new one; only its own unless told. */
  readonly minimumReader?: string | readonly string[];
  /** One of the directories of revision files; that of the parent unless told. */
  readonly directory?: string;
  /** What the bodies do; they are left to the author unless told. */
  readonly operations?: RevisionOperations;
  /** The same as SQL, for the format `sql`. */
  readonly sql?: SqlBodies;
  /** Now unless told. */
  readonly createDate?: Date;
}

/** A revision file that has been written. */
export interface CreatedRevision extends NewRevision {
  readonly message: string | null;
  readonly createDate: string;
  readonly path: string;
}

/**
 * Writes the file of a new revision, and reads all revisions again to be sure that it is what was asked for.
 * Nothing that exists is ever overwritten; a file that turns out wrong is deleted.
 *
 * @throws {MigrationError} SKM_FILE_EXISTS; SKM_USAGE when it is not clear where the file goes; what
 * `planNewRevision` and `afterWrite` throw; SKM_SCRIPT_DUPLICATE when another process was faster.
 */
export async function createRevision(
  context: CommandContext,
  options: CreateRevisionOptions = {},
): Promise<CreatedRevision> {
  const library = assertSound(await context.library());
  const createDate = options.createDate ?? new Date();
  const planned = planNewRevision(library.graph, {
    revision: options.revision ?? crypto.randomUUID().slice(-12),
    head: options.head,
    splice: options.splice,
    dependsOn: options.dependsOn,
    branchLabels: options.branchLabels,
    minimumReader: options.minimumReader,
  });
  const info = toInfo(planned, options.message, createDate);
  const path = choosePath(context, { library, planned, options, createDate });
  writeNewFile(path, renderFile(info, options));
  try {
    await options.afterWrite?.(path);
    await confirm(context, info, path);
  } catch (error) {
    removeFile(path);
    context.forgetLibrary();
    throw error;
  }
  return { ...planned, message: info.message ?? null, createDate: info.createDate ?? "", path };
}

function toInfo(planned: NewRevision, message: string | undefined, createDate: Date): RevisionInfo {
  const { revision, downRevision, dependsOn, branchLabels, minimumReader } = planned;
  const [parent = null, ...more] = downRevision;
  const text = message?.trim();
  return {
    revision,
    downRevision: more.length === 0 ? parent : downRevision,
    branchLabels: atMostOne(branchLabels),
    dependsOn: atMostOne(dependsOn),
    minimumReader: atMostOne(minimumReader),
    message: text === "" ? undefined : text,
    createDate: `${createDate.toISOString().slice(0, 19)}Z`,
  };
}

function atMostOne(names: readonly string[]): string | readonly string[] | undefined {
  return names.length > 1 ? names : names[0];
}

/** Where a new file may go, and what its name is made of. */
export interface Placement {
  readonly library: RevisionLibrary;
  readonly planned: Pick<NewRevision, "revision" | "downRevision">;
  readonly options: Omit<RevisionFileStyle, "afterWrite"> & {
    readonly message?: string | undefined;
    readonly directory?: string | undefined;
  };
  readonly createDate: Date;
}

/** @throws {SKM_USAGE} it is not clear where the file goes. */
export function choosePath(
  context: Pick<CommandContext, "locations">,
  { library, planned, options, createDate }: Placement,
): string {
  const { path } = loadNodeBuiltins();
  const parents = planned.downRevision.flatMap((id) => library.pathOf(id) ?? []);
  const directory = chooseDirectory(context.locations, { named: options.directory, parents });
  const name = renderFileName(options.fileName ?? defaultFileName, {
    revision: planned.revision,
    message: options.message ?? "",
    createDate,
    slugLength: options.slugLength,
  });
  if (name.includes("/") && !context.locations.recursive) {
    throw new MigrationError(
      "SKM_USAGE",
      `cannot write ${quoteForMessage(name)}: subdirectories are not searched for revisions`,
      { details: { name }, hint: "set recursive, or take the slash out of the file name" },
    );
  }
  return path.join(directory, `${name}.${options.format ?? "ts"}`);
}

function renderFile(
  info: RevisionInfo,
  { format, template, operations, sql }: CreateRevisionOptions,
): string {
  if (format !== "sql") return renderRevisionFile(info, { template, operations });
  const isEmpty = operations === undefined || operations.upgrade.length === 0;
  if (!isEmpty && sql === undefined) {
    throw new MigrationError("SKM_USAGE", "operations cannot be written as an SQL script", {
      hint: "pass their SQL too, which autogenerate({ sql: true }) returns",
    });
  }
  return renderSqlRevision(info, sql ?? { upgrade: "", downgrade: "" });
}

/** Two processes may have taken the same id or label since the graph was read. */
async function confirm(context: CommandContext, info: RevisionInfo, path: string): Promise<void> {
  context.forgetLibrary();
  const library = await context.library();
  if (library.problems.length > 0) throw combineProblems(library.problems);
  const found = library.pathOf(info.revision) === path ? library.graph.get(info.revision) : undefined;
  if (found !== undefined && JSON.stringify(found) === JSON.stringify(info)) return;
  throw new MigrationError(
    "SKM_SCRIPT_EXPORT",
    `the new revision file ${quoteForMessage(path, 1000)} does not read as the revision that was asked for`,
    {
      details: { path, revision: info.revision },
      hint: "check the template, and the hooks that change the file; the file was deleted",
    },
  );
}
