import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import { normalizeOperations } from "../../plan/normalize-operations.ts";
import type { RevisionInfo } from "../../revision/revision-info.ts";
import { removeFile, writeNewFile } from "../../script/write-revision-file.ts";
import type { CommandContext } from "../context.ts";
import type { RevisionFileStyle } from "../create-revision.ts";
import { assertSound, buildLibrary, type RevisionLibrary } from "../revision-library.ts";
import { recordRevisions } from "./record-stretch.ts";

export interface SquashedFile {
  readonly path: string;
  readonly text: string;
  readonly info: RevisionInfo;
  /** The old files, which are still there. */
  readonly files: readonly string[];
  /** The revisions as they will be, with what was proven. */
  readonly squashed: RevisionLibrary;
  readonly afterWrite: RevisionFileStyle["afterWrite"];
}

/**
 * Writes the new file, and reads and runs it to see that it is what was proven. It is deleted when it is not.
 *
 * @throws {SKM_FILE_EXISTS} {SKM_SCRIPT_DIR} it cannot be written
 * @throws {SKM_SCRIPT_EXPORT} it is another revision than it should be
 */
export async function writeSquashed(context: CommandContext, file: SquashedFile): Promise<void> {
  writeNewFile(file.path, file.text);
  try {
    await file.afterWrite?.(file.path);
    await confirm(context, file);
  } catch (error) {
    removeFile(file.path);
    context.forgetLibrary();
    throw error;
  }
}

async function confirm(
  context: CommandContext,
  { path, info, files, squashed }: SquashedFile,
): Promise<void> {
  context.forgetLibrary();
  const { sources, problems } = (await context.library()).directory;
  // Beside the old files the new one cannot stand; here they are gone already.
  const left = sources.filter((source) => source.path === null || !files.includes(source.path));
  const written = assertSound(buildLibrary({ sources: left, problems }));
  const isThere = written.pathOf(info.revision) === path;
  const found = isThere ? written.graph.get(info.revision) : undefined;
  if (JSON.stringify(found) !== JSON.stringify(squashed.graph.get(info.revision)))
    throw otherRevision(path, info);
  const recorded = await recordRevisions(written, [info.revision]);
  const expected = await recordRevisions(squashed, [info.revision]);
  if (showBodies(recorded) !== showBodies(expected)) throw otherRevision(path, info);
}

function showBodies(recorded: Awaited<ReturnType<typeof recordRevisions>>): string {
  return recorded
    .flatMap(({ upgrade, downgrade }) => [upgrade, downgrade])
    .map((body) =>
      body === null ? "none" : `${normalizeOperations(body.operations)}\n${body.question ?? ""}`,
    )
    .join("\n\n");
}

function otherRevision(path: string, { revision }: RevisionInfo): MigrationError {
  return new MigrationError(
    "SKM_SCRIPT_EXPORT",
    `the new revision file ${quoteForMessage(path, 1000)} does not read as the revision that was proven`,
    {
      details: { path, revision },
      hint: "check the template, which must hold {{header}}, {{upgrade}} and {{downgrade}}, and the hooks that change the file; the file was deleted",
    },
  );
}
