import type { Migrator } from "./create-migrator.ts";
import type * as Commands from "./on-demand.ts";
import type { SchemaContext } from "./schema-side.ts";

type LoadedCommand =
  | "plan"
  | "diff"
  | "autogenerate"
  | "sql"
  | "backup"
  | "restore"
  | "verify"
  | "snapshot"
  | "rehearse"
  | "adopt"
  | "compareBranches"
  | "standing"
  | "journal"
  | "findEdited"
  | "lockStatus"
  | "breakLock"
  | "createRevision"
  | "squash";

/** Runs a task when all before it have ended. */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/** The commands that are imported when they are called: a program that only migrates does without them. */
export function loadedCommands(context: SchemaContext, inTurn: Queue): Pick<Migrator, LoadedCommand> {
  const call = async <T>(run: (commands: typeof Commands) => Promise<T>): Promise<T> =>
    await inTurn(async () => await run(await import("./on-demand.ts")));
  return {
    plan: (target = "head", settings) => call(({ plan }) => plan(context, target, settings)),
    diff: (request) => call(({ diff }) => diff(context, request)),
    autogenerate: (settings) => call(({ autogenerate }) => autogenerate(context, settings)),
    sql: (range = "head", settings) => call(({ renderSql }) => renderSql(context, range, settings)),
    backup: (settings = {}) => call(({ backup }) => backup(context, settings)),
    restore: (path, settings) => call(({ restoreBackup }) => restoreBackup(context, path, settings)),
    rehearse: (target = "head", settings = {}) => call(({ rehearse }) => rehearse(context, target, settings)),
    snapshot: (settings) => call(({ snapshot }) => snapshot(context, settings)),
    verify: (settings) => call(({ verify }) => verify(context, settings)),
    adopt: (settings) => call(({ adopt }) => adopt(context, settings)),
    compareBranches: (heads) => call(({ compareBranches }) => compareBranches(context, heads)),
    standing: () => call(({ readStanding }) => readStanding(context)),
    journal: () => call(({ readJournal }) => readJournal(context)),
    findEdited: () => call(({ findEditedRevisions }) => findEditedRevisions(context)),
    lockStatus: () => call(({ lockStatus }) => lockStatus(context.session)),
    breakLock: () => call(({ breakLock }) => breakLock(context.session)),
    createRevision: (settings) => call(({ createRevision }) => createRevision(context, settings)),
    squash: (range, settings) => call(({ squash }) => squash(context, range, settings)),
  };
}
