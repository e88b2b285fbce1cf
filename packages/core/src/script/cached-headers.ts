import type { Stats } from "node:fs";
import type { RevisionInfo } from "../revision/revision-info.ts";
import type { HeaderCache, HeaderRow } from "./cache-file.ts";
import { isSettled, stampFile } from "./file-stamp.ts";
import { headerFields } from "./header-field.ts";
import type { FileListing, RevisionFile } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { readHeader, type FileHeader } from "./read-header.ts";
import { toRevisionInfo } from "./revision-shape.ts";
import { placeOfFile } from "./wrong-export.ts";

/** Headers of a directory, and what to keep of them for the next time. */
export interface CachedReading {
  readonly headers: readonly FileHeader[];
  /** `null` when the cache needs no change. */
  readonly update: HeaderCache | null;
}

export interface CachedReadingOptions {
  readonly builtins: NodeBuiltins;
  /** Believe the cache as long as no directory has changed, without looking at every file. */
  readonly trustNames: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Takes each header from the cache when its file is still as it was, else from the file.
 *
 * @param cache `null` when there is none yet
 */
export function readCachedHeaders(
  listing: FileListing,
  cache: HeaderCache | null,
  options: CachedReadingOptions,
): CachedReading {
  const directories = stampDirectories(listing, options);
  if (cache !== null && options.trustNames && isSameListing(listing, cache, directories)) {
    return { headers: listing.files.map((file, index) => fromRow(file, cache.headers[index])), update: null };
  }
  const known = cache ?? { names: [], stamps: [], headers: [], directories: [] };
  const reading = readFiles(listing.files, known, options);
  const needsDirectories = options.trustNames && !isEqual(directories, known.directories);
  if (!reading.isChanged && !needsDirectories) return { headers: reading.headers, update: null };
  return { headers: reading.headers, update: { ...reading.kept, directories } };
}

interface FilesReading {
  readonly headers: readonly FileHeader[];
  readonly kept: Omit<HeaderCache, "directories">;
  readonly isChanged: boolean;
}

function readFiles(
  files: readonly RevisionFile[],
  cache: HeaderCache,
  options: CachedReadingOptions,
): FilesReading {
  const headers: FileHeader[] = [];
  const kept = { names: new Array<string>(), stamps: new Array<number>(), headers: new Array<HeaderRow>() };
  let hits = 0;
  let position = 0;
  for (const file of files) {
    while ((cache.names[position] ?? file.name) < file.name) position += 1;
    const stats = statFile(file, options);
    const stamp = stats === null ? null : stampFile(stats);
    const isHit = cache.names[position] === file.name && cache.stamps[position] === stamp;
    const row = isHit ? cache.headers[position] : undefined;
    const header = row === undefined ? readHeader(file, options.builtins) : fromRow(file, row);
    headers.push(header);
    if (stamp === null || stats === null || !isSettled(stats, options.now) || header.kind === "problem")
      continue;
    if (row !== undefined) hits += 1;
    kept.names.push(file.name);
    kept.stamps.push(stamp);
    kept.headers.push(row ?? toRow(header));
  }
  return { headers, kept, isChanged: hits !== kept.names.length || hits !== cache.names.length };
}

/** `null` for what is not remembered: links, whose target may change, and what has just vanished. */
function statFile({ path, target }: RevisionFile, { builtins }: CachedReadingOptions): Stats | null {
  const stats = target !== null ? undefined : builtins.fs.lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats : null;
}

/** Empty when a directory has changed so recently that a further change might go unseen. */
function stampDirectories(
  { directories }: FileListing,
  { builtins, now }: CachedReadingOptions,
): readonly number[] {
  const all = directories.map((path) => builtins.fs.statSync(path, { throwIfNoEntry: false }));
  const settled = all.filter((stats): stats is Stats => stats !== undefined && isSettled(stats, now));
  return settled.length === all.length ? settled.map(stampFile) : [];
}

function isSameListing({ files }: FileListing, cache: HeaderCache, directories: readonly number[]): boolean {
  if (directories.length === 0 || !isEqual(directories, cache.directories)) return false;
  if (files.length !== cache.names.length) return false;
  return files.every(({ name, target }, index) => target === null && name === cache.names[index]);
}

function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

function toRow(header: FileHeader): HeaderRow {
  if (header.kind !== "known") return null;
  const { info } = header;
  return headerFields.map((field) => info[field]);
}

function fromRow(file: RevisionFile, row: HeaderRow | undefined): FileHeader {
  if (row === null || row === undefined) return { kind: "open", file };
  return { kind: "known", file, info: toInfo(row, file) };
}

/** JSON has turned absent fields into `null`, which `toRevisionInfo` turns back. */
function toInfo(row: readonly unknown[], { path }: RevisionFile): RevisionInfo {
  const [revision, downRevision, branchLabels, dependsOn, message, createDate] = row;
  const fields = { revision, downRevision, branchLabels, dependsOn, message, createDate };
  return toRevisionInfo(fields, placeOfFile(path));
}
