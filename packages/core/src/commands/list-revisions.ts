import { history as walkHistory } from "../revision/history.ts";
import { readSettled } from "../revision/replaced.ts";
import { listCurrent, resolveRevisions } from "../revision/resolve-revisions.ts";
import type { CommandContext } from "./context.ts";
import { describeEntry, type RevisionEntry } from "./revision-entry.ts";

export interface HistoryOptions {
  /** Marks the current revisions, which opens the database. */
  readonly indicateCurrent?: boolean;
}

/**
 * Lists revisions, newest first.
 *
 * @param range `a:b`, `a:`, `:b`; the database is opened only where the word `current` or an option needs it.
 */
export async function history(
  context: CommandContext,
  range?: string,
  options: HistoryOptions = {},
): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  const needsDatabase = options.indicateCurrent === true || range?.includes("current") === true;
  const rows = needsDatabase ? await context.session.readHeads("read") : [];
  const current = readSettled(library.graph, rows);
  const marked = options.indicateCurrent === true ? current : [];
  return walkHistory(library.graph, range, current).map((id) => describeEntry(library, id, marked));
}

export interface HeadsOptions {
  /** Leaves out heads that another revision depends on. */
  readonly resolveDependencies?: boolean;
}

export async function listHeads(
  context: CommandContext,
  options: HeadsOptions = {},
): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  const ids = options.resolveDependencies === true ? library.graph.realHeads : library.graph.heads;
  return ids.map((id) => describeEntry(library, id, []));
}

export async function listBranchPoints(context: CommandContext): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  return library.graph.branchPoints.map((id) => describeEntry(library, id, []));
}

/** The current heads with those that they imply through dependencies, as `current` shows them. */
export async function describeCurrent(context: CommandContext): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  const heads = readSettled(library.graph, await context.session.readHeads("read"));
  return listCurrent(library.graph, heads).map((id) => describeEntry(library, id, heads));
}

/** Resolves identifiers; `current` asks the database. */
export async function show(context: CommandContext, identifier: string): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  const rows = identifier.includes("current") ? await context.session.readHeads("read") : [];
  const heads = readSettled(library.graph, rows);
  return resolveRevisions(library.graph, identifier, heads).map((id) => describeEntry(library, id, heads));
}

export async function describeRevisions(
  context: CommandContext,
  ids: readonly string[],
): Promise<readonly RevisionEntry[]> {
  const library = await context.library();
  return ids.map((id) => describeEntry(library, id, []));
}
