import { isMigrationError, type MigrationError } from "../errors/migration-error.ts";
import { explainLoadError } from "./load-error.ts";
import { guardLoad } from "./load-guard.ts";
import { loadNodeBuiltins, type NodeBuiltins } from "./node-builtins.ts";
import { restorePrototype, snapshotPrototype } from "./prototype-guard.ts";
import type { Revision } from "./revision.ts";
import { toRevision } from "./revision-shape.ts";
import { isSqlFile, parseSqlRevision } from "./sql-revision.ts";
import { placeOfFile } from "./wrong-export.ts";

/** Imports a module by URL: the host's `import()`, or a loader that understands more. */
export type ImportModule = (url: string) => Promise<unknown>;

export interface LoadOptions {
  readonly importModule?: ImportModule | undefined;
  /** Finds the place of a syntax error that the host reports without one; costs a process. `true` unless told. */
  readonly locateSyntaxErrors?: boolean | undefined;
}

/**
 * Imports one revision file and checks what it exports; an SQL script is read.
 *
 * @param path absolute
 * @throws {SKM_SCRIPT_SYNTAX} it is not valid source text
 * @throws {SKM_SCRIPT_LOAD} it throws, or something that it imports cannot be loaded
 * @throws {SKM_SCRIPT_EXIT} it ends the process
 * @throws {SKM_SCRIPT_POLLUTION} it changes `Object.prototype`
 * @throws {SKM_SCRIPT_EXPORT} what it exports is no revision
 */
export async function loadRevision(path: string, options: LoadOptions = {}): Promise<Revision> {
  const builtins = loadNodeBuiltins();
  if (isSqlFile(path)) return loadSqlRevision(path, builtins);
  const { href } = builtins.url.pathToFileURL(path);
  const explain = (error: unknown): MigrationError =>
    explainLoadError(error, {
      path,
      url: href,
      text: () => readIfPossible(builtins, path),
      mayCheckSyntax: options.locateSyntaxErrors ?? true,
    });
  const outcome = await importGuarded(path, href, options.importModule ?? importNatively);
  if (outcome.kind === "refused") throw outcome.error;
  if (outcome.kind === "failed") throw explain(outcome.error);
  try {
    return toRevision(outcome.exported, placeOfFile(path));
  } catch (error) {
    // Anything else comes from a getter of the file's.
    throw isMigrationError(error, "SKM_SCRIPT_EXPORT") ? error : explain(error);
  }
}

function loadSqlRevision(path: string, { fs }: NodeBuiltins): Revision {
  return parseSqlRevision(fs.readFileSync(path, "utf8"), placeOfFile(path));
}

type ImportOutcome =
  | { readonly kind: "imported"; readonly exported: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "refused"; readonly error: MigrationError };

async function importGuarded(path: string, url: string, importModule: ImportModule): Promise<ImportOutcome> {
  const guard = guardLoad(path, url);
  const prototype = snapshotPrototype();
  const outcome = await Promise.race([guard.stalled, settleImport(url, importModule)]);
  const pollution = restorePrototype(prototype, path);
  guard.release();
  const exit = guard.exit();
  if (exit !== undefined) return { kind: "refused", error: exit };
  if (outcome.kind !== "imported" || pollution === undefined) return outcome;
  return { kind: "refused", error: pollution };
}

async function settleImport(url: string, importModule: ImportModule): Promise<ImportOutcome> {
  try {
    return { kind: "imported", exported: await importModule(url) };
  } catch (error) {
    return { kind: "failed", error };
  }
}

const importNatively: ImportModule = async (url) =>
  await import(/* @vite-ignore */ /* webpackIgnore: true */ url);

function readIfPossible({ fs }: NodeBuiltins, path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    // Only the excerpt in the message is lost; the error that is being explained stays.
    return undefined;
  }
}
