import { MigrationError, renderEntryBlock, type RunResult } from "@skillmeat/migrate-core";
import { readCacheTarget, type CacheOptions, type CacheTarget } from "./cache-options.ts";
import { withCacheMigrator } from "./create-cache-migrator.ts";

/**
 * Creates the cache database or brings it up to date. May be called at every start of a program: when
 * nothing is to do it reads one row.
 *
 * @example
 * await runMigrations();
 * @throws {MigrationError} what failed, with the database unchanged.
 */
export async function runMigrations(target?: CacheTarget): Promise<RunResult> {
  return await withCacheMigrator(readCacheTarget(target), async (migrator) => await migrator.upgrade("head"));
}

/**
 * Reads the revision that the cache database is at: `null` when it is at base or does not exist. Writes nothing.
 *
 * @throws {MigrationError} SKM_GRAPH_MULTIPLE_HEADS when there are several, which no cache of SkillMeat has.
 */
export async function getCurrentRevision(target?: CacheTarget): Promise<string | null> {
  const heads = await withCacheMigrator(
    readCacheTarget(target),
    async (migrator) => await migrator.current(),
  );
  if (heads.length > 1) {
    throw new MigrationError(
      "SKM_GRAPH_MULTIPLE_HEADS",
      `the database is at ${heads.length} revisions at once`,
      {
        details: { heads },
        hint: "read all of them with createCacheMigrator(…).current()",
      },
    );
  }
  return heads[0] ?? null;
}

export interface DowngradeMigrationOptions extends CacheOptions {
  /** Where to go back to: `-1` (unless told) for one revision, `base` for an empty database, or an id. */
  readonly revision?: string;
}

/** Undoes revisions of the cache database. Their tables and the rows in them are deleted without a question. */
export async function downgradeMigration(
  target?: string | DowngradeMigrationOptions,
  options: DowngradeMigrationOptions = {},
): Promise<RunResult> {
  const merged = { ...options, ...readCacheTarget(target) };
  const revision = (typeof target === "object" ? target.revision : undefined) ?? options.revision ?? "-1";
  return await withCacheMigrator(merged, async (migrator) => await migrator.downgrade(revision));
}

export interface ShowOptions extends CacheOptions {
  /** Receives the text instead of standard output. */
  readonly write?: (text: string) => void;
}

/** Prints the current revision with its details, and returns the text. */
export async function showCurrentRevision(target?: string | ShowOptions): Promise<string> {
  return await show(target, async (migrator) => await migrator.describeCurrent());
}

/** Prints all revisions with their details, newest first and the current one marked, and returns the text. */
export async function showMigrationHistory(target?: string | ShowOptions): Promise<string> {
  return await show(target, async (migrator) => await migrator.history(undefined, { indicateCurrent: true }));
}

type ReadEntries = Parameters<typeof withCacheMigrator<readonly Parameters<typeof renderEntryBlock>[0][]>>[1];

async function show(target: string | ShowOptions | undefined, read: ReadEntries): Promise<string> {
  const entries = await withCacheMigrator(readCacheTarget(target), read);
  const text = entries.map((entry) => `${renderEntryBlock(entry)}\n`).join("");
  const write = (typeof target === "object" ? target.write : undefined) ?? writeToStdout;
  write(text);
  return text;
}

function writeToStdout(text: string): void {
  process.stdout.write(text);
}
