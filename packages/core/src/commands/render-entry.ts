import { escapeControls } from "../errors/quote-for-message.ts";
import type { RevisionEntry } from "./revision-entry.ts";

/** Which parts of a one-line listing are shown; what is left out is not. */
export interface EntryLineOptions {
  readonly parents?: boolean;
  readonly labels?: boolean;
  /** `(branchpoint)` and `(mergepoint)`. */
  readonly tree?: boolean;
  /** `(current)`, where the entry is. */
  readonly current?: boolean;
  readonly message?: boolean;
}

/**
 * Renders a revision as one line, such as `a1 -> b2 (lib) (head), add users`. The form is the one that
 * readers of Alembic's listings know.
 */
export function renderEntryLine(entry: RevisionEntry, options: EntryLineOptions = {}): string {
  const parts = [options.parents === true ? `${renderParents(entry)} -> ` : "", entry.revision];
  if (options.labels === true && entry.branchLabels.length > 0)
    parts.push(` (${entry.branchLabels.join(", ")})`);
  if (entry.isHead) parts.push(entry.isEffectiveHead ? " (effective head)" : " (head)");
  if (options.current === true && entry.isCurrent) parts.push(" (current)");
  if (options.tree === true && entry.isBranchPoint) parts.push(" (branchpoint)");
  if (options.tree === true && entry.isMergePoint) parts.push(" (mergepoint)");
  const title = firstParagraph(entry.message ?? "");
  if (options.message === true && title !== "") parts.push(`, ${title}`);
  return escapeControls(parts.join(""));
}

function renderParents(entry: RevisionEntry): string {
  const parents = entry.downRevisions.length === 0 ? "<base>" : entry.downRevisions.join(", ");
  return entry.dependsOn.length === 0 ? parents : `${parents} (${entry.dependsOn.join(", ")})`;
}

function firstParagraph(message: string): string {
  return (message.trim().split(/\r?\n\s*\r?\n/u)[0] ?? "").replaceAll(/\s*\r?\n\s*/gu, " ");
}

/** Renders a revision as a block of lines: its facts, then its message indented by four. */
export function renderEntryBlock(entry: RevisionEntry): string {
  const flags = [
    entry.isHead ? (entry.isEffectiveHead ? " (effective head)" : " (head)") : "",
    entry.isBranchPoint ? " (branchpoint)" : "",
    entry.isMergePoint ? " (mergepoint)" : "",
    entry.isCurrent ? " (current)" : "",
  ];
  const lines = [
    `Rev: ${entry.revision}${flags.join("")}`,
    entry.isMergePoint
      ? `Merges: ${entry.downRevisions.join(", ")}`
      : `Parent: ${entry.downRevisions[0] ?? "<base>"}`,
  ];
  if (entry.dependsOn.length > 0) lines.push(`Also depends on: ${entry.dependsOn.join(", ")}`);
  if (entry.replaces.length > 0) lines.push(`Replaces: ${entry.replaces.join(", ")}`);
  if (entry.minimumReader.length > 0) lines.push(`May be opened from: ${entry.minimumReader.join(", ")}`);
  if (entry.isBranchPoint) lines.push(`Branches into: ${entry.children.join(", ")}`);
  if (entry.branchLabels.length > 0) lines.push(`Branch names: ${entry.branchLabels.join(", ")}`);
  if (entry.path !== null) lines.push(`Path: ${entry.path}`);
  lines.push("", ...messageLines(entry), "");
  return lines.map((line) => escapeControls(line)).join("\n");
}

function messageLines(entry: RevisionEntry): readonly string[] {
  const revises =
    entry.downRevisions.length === 0 ? "Revises:" : `Revises: ${entry.downRevisions.join(", ")}`;
  const lines = [
    ...(entry.message ?? "").trim().split(/\r?\n/u),
    "",
    `Revision ID: ${entry.revision}`,
    revises,
  ];
  if (entry.createDate !== null) lines.push(`Create Date: ${entry.createDate}`);
  return lines.map((line) => (line === "" ? "" : `    ${line}`));
}
