import { scannerVersion } from "./scan-header.ts";

/** A header in the cache: the fields in the order of `headerFields`; `null` when the text leaves it open. */
export type HeaderRow = readonly unknown[] | null;

/** What is kept about the files of one directory. The lists run parallel and are sorted by name. */
export interface HeaderCache {
  readonly names: readonly string[];
  /** See `stampFile`. */
  readonly stamps: readonly number[];
  readonly headers: readonly HeaderRow[];
}

/** The newest revisions of a directory whose headers make a sound graph. */
export interface KnownHeads {
  /** Ids without children, in load order. */
  readonly heads: readonly string[];
  /** Ids that nothing depends on either, in load order: the version rows of a database that is at `heads`. */
  readonly realHeads: readonly string[];
}

/** What is kept about a directory as a whole. */
export interface CacheSummary {
  /** The stamps of the directories in the order of the listing; empty when they had not settled. */
  readonly directories: readonly number[];
  /** `null` when a file is missing in the cache, or when something is wrong with the graph. */
  readonly known: KnownHeads | null;
}

/** The lines of a cache file, each JSON, so that whoever needs one of them parses no more. */
const lines = { summary: 0, names: 1, stamps: 2, headers: 3 } as const;

/** Changes with the format and with what the scanner reads. */
const version = 1_000 + scannerVersion;

/** Cannot stand in a relative path. One long text is read faster than many short ones. */
const nameSeparator = "//";

/** Renders the cache of the directory `root` as the lines of a file. */
export function renderCache(root: string, summary: CacheSummary, cache: HeaderCache): readonly string[] {
  return [
    JSON.stringify({ version, root, ...summary }),
    renderNames(cache.names),
    JSON.stringify(cache.stamps),
    JSON.stringify(cache.headers),
  ];
}

/** The names as they stand in the file, to be compared without reading them. */
export function renderNames(names: readonly string[]): string {
  return JSON.stringify(names.join(nameSeparator));
}

/** @returns `null` when the lines belong to another version or directory, or are damaged */
export function parseSummary(text: readonly string[], root: string): CacheSummary | null {
  const summary = parseLine(text[lines.summary]);
  if (!isRecord(summary) || summary["version"] !== version || summary["root"] !== root) return null;
  const { directories, known } = summary;
  if (!isListOf(directories, isNumber) || !(known === null || isKnownHeads(known))) return null;
  return { directories, known };
}

/** Whether the file holds exactly these names in this order. */
export function hasNames(text: readonly string[], names: readonly string[]): boolean {
  return text[lines.names] === renderNames(names);
}

export function parseStamps(text: readonly string[]): readonly number[] | null {
  const stamps = parseLine(text[lines.stamps]);
  return isListOf(stamps, isNumber) ? stamps : null;
}

/** @returns `null` when the lines are damaged */
export function parseCache(text: readonly string[]): HeaderCache | null {
  const joined = parseLine(text[lines.names]);
  const stamps = parseStamps(text);
  const headers = parseLine(text[lines.headers]);
  if (typeof joined !== "string" || stamps === null || !isListOf(headers, isHeaderRow)) return null;
  const names = joined === "" ? [] : joined.split(nameSeparator);
  return names.length === stamps.length && names.length === headers.length
    ? { names, stamps, headers }
    : null;
}

function parseLine(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "null");
  } catch {
    // Cut off by a power failure.
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isHeaderRow(value: unknown): value is HeaderRow {
  return value === null || Array.isArray(value);
}

function isKnownHeads(value: unknown): value is KnownHeads {
  return isRecord(value) && isListOf(value["heads"], isText) && isListOf(value["realHeads"], isText);
}
