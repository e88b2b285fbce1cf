import type { Step } from "@skillmeat/migrate-core";
/** Milliseconds as people read them. */
export function showDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `512 bytes`, `1.2 MB` */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const number = bytes / 1000 ** power;
  return `${number.toFixed(number < 10 ? 1 : 0)} ${["", "kB", "MB", "GB"][power] ?? ""}`;
}

/** `1,234,567` */
export function showNumber(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** Heads as they stand in a sentence. */
export function showHeads(heads: readonly string[]): string {
  return heads.length === 0 ? "base" : heads.join(", ");
}

/** `1 revision`, `2 revisions`. */
export function showCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The title of a message: its first paragraph as one line. */
export function firstParagraph(message: string): string {
  return (message.trim().split(/\r?\n\s*\r?\n/u)[0] ?? "").replaceAll(/\s*\r?\n\s*/gu, " ");
}

/** How many revisions steps stand for, and how many of them a snapshot stands for. */
export function showRevisions(steps: readonly Pick<Step, "snapshot">[]): string {
  const replaced = steps.reduce((sum, { snapshot }) => sum + (snapshot?.revisions ?? 0), 0);
  const run = steps.filter(({ snapshot }) => snapshot === undefined).length;
  const count = showCount(run + replaced, "revision");
  if (replaced === 0) return count;
  return run === 0 ? `${count} by a snapshot` : `${count}, ${showNumber(replaced)} of them by a snapshot,`;
}
