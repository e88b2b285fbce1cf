import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { inspectRevisions } from "../revision/build-graph.ts";
import type { GraphProblem } from "../revision/graph-problem.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { RevisionDirectory } from "../script/read-revision-directory.ts";
import type { RevisionSource } from "../script/revision-source.ts";
import type { Revision } from "../script/revision.ts";

/** The revisions of a project: their graph, where each comes from, and their bodies on demand. */
export interface RevisionLibrary {
  /** The healthy revisions. */
  readonly graph: RevisionGraph;
  /** What it was built from. */
  readonly directory: RevisionDirectory;
  /** What is wrong with the others, one error each. */
  readonly problems: readonly MigrationError[];
  /** The file of a revision, or `null` when it was passed as an object. */
  pathOf(id: string): string | null;
  /** Imports the body of a revision; the second call answers with the same object. */
  readonly loadRevision: (id: string) => Promise<Revision>;
}

export function buildLibrary(directory: RevisionDirectory): RevisionLibrary {
  const { sources, problems } = directory;
  const inspection = inspectRevisions(sources.map((source) => source.info));
  const byId = new Map(sources.map((source) => [source.info.revision, source]));
  return {
    graph: inspection.graph,
    directory,
    problems: [
      ...problems.map(({ error }) => error),
      ...inspection.problems.map((problem) => toError(problem, sources)),
    ],
    pathOf: (id) => byId.get(id)?.path ?? null,
    loadRevision: async (id) => {
      const source = byId.get(id);
      if (source === undefined)
        throw new MigrationError("SKM_INTERNAL", `no source for ${quoteForMessage(id)}`);
      return await source.load();
    },
  };
}

/**
 * The library, if all of it is sound: what writes must not guess what a broken revision meant.
 *
 * @throws {MigrationError} everything that is wrong in one error.
 */
export function assertSound(library: RevisionLibrary): RevisionLibrary {
  if (library.problems.length > 0) throw combineProblems(library.problems);
  return library;
}

/** Makes one error of several: with the code of the first, and all of them in `details.problems`. */
export function combineProblems(problems: readonly MigrationError[]): MigrationError {
  const [first, second] = problems;
  if (first === undefined) throw new MigrationError("SKM_INTERNAL", "no problem to report");
  if (second === undefined) return first;
  const lines = problems.map((problem) => `  ${problem.code} ${problem.message}`);
  return new MigrationError(
    first.code,
    `${problems.length} problems in the revision files:\n${lines.join("\n")}`,
    {
      cause: first,
      exitCode: 4,
      details: {
        problems: problems.map(({ code, message, details, hint }) => ({ code, message, details, hint })),
      },
      ...(first.hint === undefined ? {} : { hint: first.hint }),
    },
  );
}

function toError(problem: GraphProblem, sources: readonly RevisionSource[]): MigrationError {
  const { code, message, hint, positions, ...details } = problem;
  const files = positions.flatMap((position) => sources[position]?.path ?? []);
  const where = files.length === 0 ? "" : ` (${files.map((file) => quoteForMessage(file)).join(", ")})`;
  return new MigrationError(code, `${message}${where}`, {
    details: { ...details, files },
    hint,
    exitCode: 4,
  });
}
