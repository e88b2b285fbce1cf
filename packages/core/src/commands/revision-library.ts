import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { buildGraph } from "../revision/build-graph.ts";
import type { RevisionGraph } from "../revision/revision-graph.ts";
import type { RevisionSource } from "../script/revision-source.ts";
import type { Revision } from "../script/revision.ts";

/** The revisions of a project: their graph, where each comes from, and their bodies on demand. */
export interface RevisionLibrary {
  readonly graph: RevisionGraph;
  /** The file of a revision, or `null` when it was passed as an object. */
  pathOf(id: string): string | null;
  /** Imports the body of a revision; the second call answers with the same object. */
  readonly loadRevision: (id: string) => Promise<Revision>;
}

/** @throws {MigrationError} all that is wrong with the graph, in one error. */
export function buildLibrary(sources: readonly RevisionSource[]): RevisionLibrary {
  const graph = buildGraph(sources.map((source) => source.info));
  const byId = new Map(sources.map((source) => [source.info.revision, source]));
  return {
    graph,
    pathOf: (id) => byId.get(id)?.path ?? null,
    loadRevision: async (id) => {
      const source = byId.get(id);
      if (source === undefined)
        throw new MigrationError("SKM_INTERNAL", `no source for ${quoteForMessage(id)}`);
      return await source.load();
    },
  };
}
