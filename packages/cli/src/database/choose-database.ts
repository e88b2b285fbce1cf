import { dirname } from "node:path";
import { type Driver, toMigrationError } from "@skillmeat/migrate-core";
import { resolveDatabasePath } from "@skillmeat/migrate-core/driver";
import { usageError } from "../arguments/usage-error.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { driverNames, isDriverName, type DriverName } from "./driver-name.ts";
import type { FileDriverName } from "./file-driver.ts";
import { assertUtf8, readEnvironment, type Environment } from "./read-environment.ts";
import { isRemoteUrl, isSameRemote, parseRemoteUrl, type RemoteDatabase } from "./remote-url.ts";

/** The database that a command works with. */
export type DatabaseChoice =
  | {
      readonly kind: "file";
      /** `undefined`: the first one that is installed. */
      readonly driver: DriverName | undefined;
      /** Absolute, or `:memory:`. */
      readonly path: string;
      readonly journalMode: "wal" | undefined;
      readonly breakLock: boolean;
    }
  /** The cache of SkillMeat, because nothing else was said; its directory is created. */
  | {
      readonly kind: "default";
      readonly driver: FileDriverName | undefined;
      readonly breakLock: boolean;
    }
  | { readonly kind: "remote"; readonly driver: "libsql"; readonly remote: RemoteDatabase }
  | { readonly kind: "driver"; readonly driver: Driver };

export interface DatabaseRequest {
  readonly env: Environment;
  readonly cwd: string;
  /** `--url`. */
  readonly url: string | undefined;
  /** `--driver`. */
  readonly driver: string | undefined;
  /** `--break-lock`. */
  readonly breakLock: boolean;
  readonly loaded: LoadedConfig | undefined;
}

interface Source {
  readonly url: string;
  /** Where relative paths start from. */
  readonly directory: string;
}

/**
 * Chooses the database: `--url`, SKILLMEAT_DATABASE_URL, SQLALCHEMY_URL, TURSO_DATABASE_URL, the
 * configuration, else the cache of SkillMeat. Nothing is opened or imported.
 *
 * @throws {MigrationError} SKM_URL, SKM_REMOTE_TLS, SKM_USAGE
 */
export function chooseDatabase(request: DatabaseRequest): DatabaseChoice {
  const config = request.loaded?.config;
  const source = findSource(request);
  const named = readDriverName(request.driver);
  if (source === undefined && typeof config?.driver === "object") {
    if (request.breakLock)
      throw noLockToBreak("the configuration brings a driver, which has options of its own");
    if (named === undefined) return { kind: "driver", driver: config.driver };
    throw usageError(
      `--driver ${named} does not fit: the configuration brings a driver and its database`,
      "leave --driver out, or name a database with --url",
    );
  }
  const wanted = named ?? (isDriverName(config?.driver) ? config.driver : undefined);
  if (source === undefined) {
    if (wanted !== "libsql") {
      return { kind: "default", driver: wanted, breakLock: request.breakLock };
    }
    throw usageError("the driver libsql needs a database", "name it with --url");
  }
  return isRemoteUrl(source.url)
    ? chooseRemote(source.url, wanted, request)
    : chooseFile(source, wanted, request);
}

const variables = ["SKILLMEAT_DATABASE_URL", "SQLALCHEMY_URL", "TURSO_DATABASE_URL"] as const;

function findSource({ url, env, cwd, loaded }: DatabaseRequest): Source | undefined {
  if (url !== undefined) {
    assertUtf8(url, "the value of --url");
    return { url, directory: cwd };
  }
  for (const name of variables) {
    const value = readEnvironment(env, name);
    if (value !== undefined) return { url: value, directory: cwd };
  }
  if (loaded?.config.url === undefined) return undefined;
  return { url: loaded.config.url, directory: dirname(loaded.file) };
}

function readDriverName(text: string | undefined): DriverName | undefined {
  if (text === undefined || isDriverName(text)) return text;
  throw usageError(`there is no driver "${text}"`, `the drivers are ${driverNames.join(", ")}`);
}

function chooseFile(
  source: Source,
  driver: DriverName | undefined,
  { loaded, breakLock }: DatabaseRequest,
): DatabaseChoice {
  try {
    const place = resolveDatabasePath(source.url, { cwd: source.directory });
    const path = place.kind === "memory" ? ":memory:" : place.path;
    return { kind: "file", driver, path, journalMode: loaded?.config.journalMode, breakLock };
  } catch (error) {
    throw toMigrationError(error);
  }
}

function chooseRemote(url: string, driver: DriverName | undefined, request: DatabaseRequest): DatabaseChoice {
  if (driver !== undefined && driver !== "libsql") {
    throw usageError(
      `the driver ${driver} opens files, and the URL names a server`,
      "leave --driver out, or write --driver libsql",
    );
  }
  if (request.breakLock) throw noLockToBreak("a server has no lock directory");
  const config = request.loaded?.config;
  const remote = parseRemoteUrl(url, { allowInsecure: config?.allowInsecure ?? false });
  const authToken = remote.authToken ?? findToken(remote, request) ?? configuredToken(url, config);
  return { kind: "remote", driver: "libsql", remote: { ...remote, authToken } };
}

/** The token of the configuration belongs to the server that it names: another must not see it. */
function configuredToken(url: string, config: LoadedConfig["config"] | undefined): string | undefined {
  // Empty where the configuration reads a variable that is not set.
  if (config?.authToken === undefined || config.authToken === "") return undefined;
  const isForOther = config.url !== undefined && isRemoteUrl(config.url) && !isSameRemote(config.url, url);
  return isForOther ? undefined : config.authToken;
}

function noLockToBreak(why: string): Error {
  return usageError(`--break-lock does not fit: ${why}`, "leave it out");
}

/** TURSO_AUTH_TOKEN belongs to TURSO_DATABASE_URL: another server must not see it when both are set. */
function findToken(remote: RemoteDatabase, { env }: DatabaseRequest): string | undefined {
  const own = readEnvironment(env, "SKILLMEAT_AUTH_TOKEN");
  const token = own ?? readEnvironment(env, "TURSO_AUTH_TOKEN");
  const home = readEnvironment(env, "TURSO_DATABASE_URL");
  if (own !== undefined || home === undefined) return token;
  return URL.parse(home)?.host === remote.host ? token : undefined;
}

/** How a database is called in messages. */
export function showDatabase(choice: Exclude<DatabaseChoice, { readonly kind: "default" }>): string {
  if (choice.kind === "file") return choice.path;
  return choice.kind === "remote" ? choice.remote.host : choice.driver.name;
}
