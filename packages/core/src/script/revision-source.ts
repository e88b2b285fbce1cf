import type { RevisionInfo } from "../revision/revision-info.ts";
import type { Revision } from "./revision.ts";
import { pickInfo, toRevision } from "./revision-shape.ts";

/** A revision whose header is known and whose bodies are loaded when they are needed. */
export interface RevisionSource {
  readonly info: RevisionInfo;
  /** Absolute; `null` for a revision that was given in an array. */
  readonly path: string | null;
  /** How the header became known: from the text of the file, by importing it, or as a value. */
  readonly headerSource: "scan" | "import" | "given";
  /**
   * Imports the file, once.
   *
   * @throws {SKM_SCRIPT_SYNTAX} it is not valid source text
   * @throws {SKM_SCRIPT_LOAD} it throws, or something that it imports cannot be loaded
   * @throws {SKM_SCRIPT_EXIT} it ends the process
   * @throws {SKM_SCRIPT_POLLUTION} it changes `Object.prototype`
   * @throws {SKM_SCRIPT_EXPORT} what it exports is no revision, or differs from the header
   */
  load(): Promise<Revision>;
}

/**
 * Wraps revisions that are already in memory, such as those a bundler put into the program.
 *
 * @throws {SKM_SCRIPT_EXPORT} one of them is no revision
 */
export function sourcesFromArray(revisions: Iterable<Revision>): readonly RevisionSource[] {
  return Array.from(revisions, (given, index) => {
    const revision = toRevision(
      { default: given },
      { label: () => `revision ${index + 1} of the array`, path: null },
    );
    return Object.freeze({
      info: pickInfo(revision),
      path: null,
      headerSource: "given",
      load: async () => await Promise.resolve(revision),
    });
  });
}
