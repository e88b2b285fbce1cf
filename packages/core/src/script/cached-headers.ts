import { inspectRevisions } from "../revision/build-graph.ts";
import { isSettled, stampFile, statFile, type StampContext } from "./file-stamp.ts";
import type { HeaderCache, HeaderRow, KnownHeads } from "./header-cache.ts";
import { headerFields } from "./header-field.ts";
import type { FileListing, RevisionFile } from "./list-revision-files.ts";
import { readHeader, type FileHeader } from "./read-header.ts";
import { toRevisionInfo } from "./revision-shape.ts";
import { placeOfFile } from "./wrong-export.ts";

/** Headers of the files of a directory, and what to keep of them for the next time. */
export interface CachedReading {
  readonly headers: readonly FileHeader[];
  readonly kept: HeaderCache;
  /** Whether `kept` differs from the cache that there was. */
  readonly isChanged: boolean;
}

/** Takes each header from the cache when its file is still as it was, else from the file. */
export function readCachedHeaders(
  files: readonly RevisionFile[],
  cache: HeaderCache,
  context: StampContext,
): CachedReading {
  const headers: FileHeader[] = [];
  const names: string[] = [];
  const stamps: number[] = [];
  const rows: HeaderRow[] = [];
  let hits = 0;
  let position = 0;
  for (const file of files) {
    // Both lists are sorted, so they are walked side by side.
    while ((cache.names[position] ?? file.name) < file.name) position += 1;
    const stats = statFile(file, context);
    const stamp = stats === null ? null : stampFile(stats);
    const isHit = cache.names[position] === file.name && cache.stamps[position] === stamp;
    const row = isHit ? cache.headers[position] : undefined;
    const header = row === undefined ? readHeader(file, context.builtins) : fromRow(file, row);
    headers.push(header);
    if (stats === null || stamp === null || !isSettled(stats, context.now) || header.kind === "problem")
      continue;
    if (row !== undefined) hits += 1;
    names.push(file.name);
    stamps.push(stamp);
    rows.push(row ?? toRow(header));
  }
  const isChanged = hits !== names.length || hits !== cache.names.length;
  return { headers, kept: { names, stamps, headers: rows }, isChanged };
}

/** Takes all headers from a cache that holds exactly these files. */
export function takeCachedHeaders(files: readonly RevisionFile[], cache: HeaderCache): readonly FileHeader[] {
  return files.map((file, index) => fromRow(file, cache.headers[index]));
}

/** The newest revisions, `null` where the cache cannot answer for the whole directory. */
export function findKnownHeads(listing: FileListing, { headers, kept }: CachedReading): KnownHeads | null {
  const infos = headers.flatMap((header) => (header.kind === "known" ? [header.info] : []));
  const isWhole = listing.problems.length === 0 && kept.names.length === listing.files.length;
  if (!isWhole || infos.length < headers.length) return null;
  const { graph, problems } = inspectRevisions(infos);
  return problems.length === 0 ? { heads: graph.heads, realHeads: graph.realHeads } : null;
}

function toRow(header: FileHeader): HeaderRow {
  if (header.kind !== "known") return null;
  const { info } = header;
  return headerFields.map((field) => info[field]);
}

function fromRow(file: RevisionFile, row: HeaderRow | undefined): FileHeader {
  if (row === null || row === undefined) return { kind: "open", file };
  // JSON has turned absent fields into `null`, which the check turns back.
  const fields = Object.fromEntries(headerFields.map((field, place) => [field, row[place]]));
  return { kind: "known", file, info: toRevisionInfo(fields, placeOfFile(file.path)) };
}
