import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  createMigrator,
  isMigrationError,
  type Migrator,
  type MigratorOptions,
} from "@skillmeat/migrate-core";
import { readDuration } from "../arguments/read-duration.ts";
import type { ValueName } from "../arguments/option-table.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { givenDirectories, givenRevisions } from "../config/read-config.ts";
import { chooseDatabase, showDatabase, type DatabaseChoice } from "../database/choose-database.ts";
import { createDriver, createScratchDriver } from "../database/create-driver.ts";
import { assertUtf8 } from "../database/read-environment.ts";
import { warnAboutToken } from "../database/warn-about-token.ts";
import { reportRun } from "../output/report-run.ts";
import type { Invocation } from "./invocation.ts";
import { loadProjectConfig } from "./load-project-config.ts";

/** What a command works with. */
export interface Project {
  readonly migrator: Migrator;
  /** The database as messages name it. */
  readonly database: string;
  /** Whether the database is a file that does not exist; looked up anew at each call. */
  readonly isMissing: () => boolean;
  readonly loaded: LoadedConfig | undefined;
}

/**
 * Puts together what options, environment and configuration say, and runs a task with it. Nothing is opened
 * before the task needs it; everything is closed afterwards.
 */
export async function withProject<T>(
  invocation: Invocation,
  task: (project: Project) => Promise<T>,
): Promise<T> {
  const project = await openProject(invocation);
  try {
    return await task(project);
  } catch (error) {
    throw await explain(error, project.loaded);
  } finally {
    await project.migrator.close();
  }
}

/** What a library says about its options, as the command has them. */
async function explain(error: unknown, loaded: LoadedConfig | undefined): Promise<unknown> {
  if (!isMigrationError(error, "SKM_SCHEMA_MISSING")) return error;
  const { explainMissingSchema } = await import("../config/load-schema.ts");
  return explainMissingSchema(error, loaded);
}

async function openProject(invocation: Invocation): Promise<Project> {
  const loaded = await loadProjectConfig(invocation);
  const choice = chooseDatabase({
    env: invocation.env,
    cwd: invocation.cwd,
    url: valueOf(invocation, "url"),
    driver: valueOf(invocation, "driver"),
    breakLock: invocation.arguments.switches.has("break-lock"),
    loaded,
  });
  registerToken(invocation, choice);
  const { path, database } = await locate(choice);
  const { output } = invocation;
  if (output.mode.verbose) sayWhatIsUsed(invocation, { database, loaded });
  const migrator = createMigrator({
    ...migratorOptions(invocation, loaded),
    driver: createDriver(choice, (line) => {
      if (output.mode.verbose) output.talk(line);
    }),
    scratch: createScratchDriver(),
    revisions: await chooseRevisions(invocation, loaded),
    recursive: loaded?.config.recursive ?? false,
    ...(await comparison(invocation, loaded)),
    importModule: async (url) => {
      const { providePackages } = await import("./provide-packages.ts");
      providePackages();
      return await import(/* @vite-ignore */ url);
    },
    onEvent: reportRun(invocation),
  });
  return { migrator, database, isMissing: () => path !== undefined && !existsSync(path), loaded };
}

function registerToken({ secrets, arguments: parsed, output }: Invocation, choice: DatabaseChoice): void {
  if (choice.kind === "remote") secrets.add(choice.remote.authToken ?? "");
  warnAboutToken(output, parsed.values.get("url") ?? []);
}

async function locate(
  choice: DatabaseChoice,
): Promise<{ readonly path?: string; readonly database: string }> {
  if (choice.kind === "default") {
    const { defaultCachePath } = await import("./skillmeat-cache.ts");
    return { path: defaultCachePath(), database: defaultCachePath() };
  }
  const database = showDatabase(choice);
  return choice.kind === "file" && choice.path !== ":memory:"
    ? { path: choice.path, database }
    : { database };
}

function sayWhatIsUsed(
  { output }: Invocation,
  used: { readonly database: string; readonly loaded: LoadedConfig | undefined },
): void {
  if (used.loaded !== undefined) output.talk(`configuration: ${used.loaded.file}`);
  output.talk(`database: ${used.database}`);
}

async function chooseRevisions(
  invocation: Invocation,
  loaded: LoadedConfig | undefined,
): Promise<MigratorOptions["revisions"]> {
  const { cwd, arguments: parsed } = invocation;
  const named = parsed.values.get("versions");
  if (named !== undefined) return named.map((directory) => resolveDirectory(cwd, directory));
  const configured = loaded?.config.revisions;
  const given = givenRevisions(configured);
  if (given !== undefined) return given;
  const directories = givenDirectories(loaded?.config ?? {});
  if (loaded !== undefined && directories !== undefined) {
    return directories.map((directory) => resolve(dirname(loaded.file), directory));
  }
  const { revisions } = await import("./skillmeat-cache.ts");
  return revisions;
}

/** What is to be compared, for the commands that compare. */
async function comparison(
  { arguments: parsed }: Invocation,
  loaded: LoadedConfig | undefined,
): Promise<Pick<MigratorOptions, "schema" | "compare">> {
  const compares = parsed.command === "check" || parsed.command === "diff";
  if (!compares && !parsed.switches.has("autogenerate")) return {};
  const { loadSchema } = await import("../config/load-schema.ts");
  const schema = await loadSchema(loaded);
  return withoutUndefined({ schema, compare: loaded?.config.compare });
}

function resolveDirectory(cwd: string, directory: string): string {
  assertUtf8(directory, "the value of --versions");
  if (directory.trim() === "") throw usageError("option --versions is empty", "name a directory");
  return resolve(cwd, directory);
}

type RunSettings = Omit<MigratorOptions, "driver" | "scratch" | "revisions" | "onEvent">;

function migratorOptions(invocation: Invocation, loaded: LoadedConfig | undefined): RunSettings {
  const config = loaded?.config ?? {};
  const { switches } = invocation.arguments;
  const timeout = valueOf(invocation, "lock-timeout");
  const settings = {
    versionTable: valueOf(invocation, "version-table") ?? config.versionTable,
    transactionPer: readTransactionPer(valueOf(invocation, "transaction-per")) ?? config.transactionPer,
    journal: config.journal,
    snapshot: chooseSnapshot(invocation, loaded),
    foreignKeys: config.foreignKeys,
    queue: switches.has("queue") ? true : config.queue,
    newer: switches.has("allow-newer") ? ("allow" as const) : config.newer,
    waitMs: timeout === undefined ? config.lockTimeoutMs : readDuration("--lock-timeout", timeout),
    applicationId: switches.has("allow-foreign") ? undefined : (config.applicationId ?? 0),
  };
  return withoutUndefined(settings);
}

/** The file of a snapshot belongs to the revisions of the configuration, not to those of --versions. */
function chooseSnapshot(
  { arguments: parsed }: Invocation,
  loaded: LoadedConfig | undefined,
): MigratorOptions["snapshot"] {
  const snapshot = loaded?.config.snapshot;
  if (loaded === undefined || snapshot === undefined || snapshot === false) return snapshot;
  if (parsed.values.has("versions")) return undefined;
  return typeof snapshot === "string" ? resolve(dirname(loaded.file), snapshot) : snapshot;
}

function readTransactionPer(text: string | undefined): "run" | "revision" | undefined {
  if (text === undefined || text === "run" || text === "revision") return text;
  throw usageError(
    `option --transaction-per has the value "${text}", expected run or revision`,
    "leave it out for one transaction",
  );
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) Object.assign(kept, { [key]: item });
  }
  return kept;
}

function valueOf(invocation: Invocation, name: ValueName): string | undefined {
  return invocation.arguments.values.get(name)?.[0];
}
