import {
  combineProblems,
  type Migrator,
  renderEntryBlock,
  type RevisionEntry,
} from "@skillmeat/migrate-core";
import type { Finding, Output } from "./output.ts";
import { reportFailure } from "./report-failure.ts";

/**
 * Presents what a reading command found among the healthy revisions, and then what is wrong with the others.
 *
 * @returns 0, or the exit code of the problems.
 */
export async function presentEntries(output: Output, migrator: Migrator, finding: Finding): Promise<number> {
  const problems = await migrator.problems();
  if (problems.length > 0) return reportFailure(output, combineProblems(problems), finding);
  output.present(finding);
  return 0;
}

/** Revisions as blocks of lines with an empty line between them. */
export function renderBlocks(entries: readonly RevisionEntry[]): readonly string[] {
  return entries.map((entry) => renderEntryBlock(entry));
}
