import type { CopyOptions, CopyResult } from "../copy/copy-options.ts";

/**
 * Copies a database: definitions, rows, AUTOINCREMENT marks, `user_version`, `application_id`, the content of
 * full-text and R*Tree tables. What is copied is the source at one moment, whoever writes meanwhile; memory use
 * does not depend on its size. The target gets all of it or stays as it was: a new file gets its name when it is
 * complete, everything else is one transaction, checked before it is committed.
 *
 * @throws {MigrationError} SKM_COPY_TARGET the target holds something · SKM_COPY_MISMATCH · SKM_COPY_FAILED a row
 * or a definition was refused · SKM_UNSUPPORTED something cannot be copied · what opening either database throws.
 * @example
 * await copyDatabase({ from: betterSqlite3("cache.db"), to: { kind: "database", driver: libsql({ url }) } });
 */
export async function copyDatabase(options: CopyOptions): Promise<CopyResult> {
  // A program that only migrates does not load it.
  const { runCopy } = await import("./on-demand.ts");
  return await runCopy(options);
}
