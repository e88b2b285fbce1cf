import type { Migrator } from "./create-migrator.ts";
import type { SchemaContext } from "./schema-side.ts";

type LoadedCommand = "plan" | "diff" | "autogenerate" | "sql" | "backup" | "restore" | "verify" | "rehearse";

type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** The commands that are imported when they are called: a program that only migrates does without them. */
export function loadedCommands(context: SchemaContext, inTurn: InTurn): Pick<Migrator, LoadedCommand> {
  return {
    plan: (target = "head", settings) =>
      inTurn(async () => {
        const { plan } = await import("./plan.ts");
        return await plan(context, target, settings);
      }),
    diff: (request) =>
      inTurn(async () => {
        const { diff } = await import("./diff.ts");
        return await diff(context, request);
      }),
    autogenerate: (settings) =>
      inTurn(async () => {
        const { autogenerate } = await import("./autogenerate.ts");
        return await autogenerate(context, settings);
      }),
    sql: (range = "head", settings) =>
      inTurn(async () => {
        const { renderSql } = await import("./sql.ts");
        return await renderSql(context, range, settings);
      }),
    backup: (settings = {}) =>
      inTurn(async () => {
        const { backup } = await import("./backup/backup.ts");
        return await backup(context, settings);
      }),
    restore: (path, settings) =>
      inTurn(async () => {
        const { restoreBackup } = await import("./backup/restore-backup.ts");
        return await restoreBackup(context, path, settings);
      }),
    rehearse: (target = "head", settings = {}) =>
      inTurn(async () => {
        const { rehearse } = await import("./rehearse/rehearse.ts");
        return await rehearse(context, target, settings);
      }),
    verify: (settings) =>
      inTurn(async () => {
        const { verify } = await import("./verify/verify.ts");
        return await verify(context, settings);
      }),
  };
}
