import type { Stats } from "node:fs";
import type { FileListing, RevisionFile } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";

/** The file system, and the time in milliseconds since 1970. */
export interface StampContext {
  readonly builtins: NodeBuiltins;
  readonly now: number;
}

/**
 * How long a file must have been left alone before its stamp can be relied on, in milliseconds. A write
 * that follows another within one tick of the file system's clock leaves the same times behind; the
 * coarsest clock in use is FAT's, with 2 seconds.
 */
const settlingTime = 2_000;

/**
 * One number for the state of a file: size, inode, and the times of the last change of its content and of
 * its inode. The latter cannot be set by programs, so a tool that restores the modification time after an
 * edit is noticed too. Two states have the same number by chance once in 2^53.
 */
export function stampFile({ size, ino, mtimeMs, ctimeMs }: Stats): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (const value of [size, ino, mtimeMs * 1_000, ctimeMs * 1_000]) {
    const upper = Math.floor(value / 0x1_0000_0000);
    high = mix(mix(high, value), upper);
    low = mix(mix(low, upper ^ high), value);
  }
  return (high >>> 0) * 0x20_0000 + (low >>> 11);
}

/** Whether a later write would be sure to change the stamp. */
export function isSettled({ mtimeMs, ctimeMs }: Stats, now: number): boolean {
  return Math.max(mtimeMs, ctimeMs) < now - settlingTime;
}

/** `null` for what is not remembered: links, whose target may change, and what has just vanished. */
export function statFile({ path, target }: RevisionFile, { builtins }: StampContext): Stats | null {
  const stats = target === null ? builtins.fs.lstatSync(path, { throwIfNoEntry: false }) : undefined;
  return stats?.isFile() === true ? stats : null;
}

/** Empty when a directory has changed so recently that a further change might go unseen. */
export function stampDirectories(
  { directories }: FileListing,
  { builtins, now }: StampContext,
): readonly number[] {
  const all = directories.map((path) => builtins.fs.statSync(path, { throwIfNoEntry: false }));
  const settled = all.filter((stats): stats is Stats => stats !== undefined && isSettled(stats, now));
  return settled.length === all.length ? settled.map(stampFile) : [];
}

/** One round of MurmurHash3's finaliser over 32 bits; good enough to spread, no protection intended. */
function mix(state: number, value: number): number {
  let hash = state ^ (value | 0);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
