import type { Migrator } from "./create-migrator.ts";
import type { SchemaContext } from "./schema-side.ts";

type LoadedCommand = "plan" | "diff" | "autogenerate" | "sql" | "backup" | "restore" | "verify" | "rehearse";

type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** The commands that are imported when they are called: a program that only migrates does without them. */
export function loadedCommands(context: SchemaContext, inTurn: InTurn): Pick<Migrator, LoadedCommand> {
  return {
    plan: (target = "head", settings) =>
      inTurn(async () => {
        const { plan } = await import("./on-demand.ts");
        return await plan(context, target, settings);
      }),
    diff: (request) =>
      inTurn(async () => {
        const { diff } = await import("./on-demand.ts");
        return await diff(context, request);
      }),
    autogenerate: (settings) =>
      inTurn(async () => {
        const { autogenerate } = await import("./on-demand.ts");
        return await autogenerate(context, settings);
      }),
    sql: (range = "head", settings) =>
      inTurn(async () => {
        const { renderSql } = await import("./on-demand.ts");
        return await renderSql(context, range, settings);
      }),
    backup: (settings = {}) =>
      inTurn(async () => {
        const { backup } = await import("./on-demand.ts");
        return await backup(context, settings);
      }),
    restore: (path, settings) =>
      inTurn(async () => {
        const { restoreBackup } = await import("./on-demand.ts");
        return await restoreBackup(context, path, settings);
      }),
    rehearse: (target = "head", settings = {}) =>
      inTurn(async () => {
        const { rehearse } = await import("./on-demand.ts");
        return await rehearse(context, target, settings);
      }),
    verify: (settings) =>
      inTurn(async () => {
        const { verify } = await import("./on-demand.ts");
        return await verify(context, settings);
      }),
  };
}
