import { MigrationError } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { chooseDatabase, type DatabaseChoice } from "./choose-database.ts";
import type { Environment } from "./read-environment.ts";
import { isRemoteUrl, isSameRemote } from "./remote-url.ts";

/** One end of a copy. */
export type CopyPlace = Extract<DatabaseChoice, { readonly kind: "file" | "remote" }>;

export interface CopyChoice {
  readonly from: CopyPlace;
  readonly to: CopyPlace;
}

export interface CopyRequest {
  readonly env: Environment;
  readonly cwd: string;
  readonly from: string;
  readonly to: string;
  /** `--driver`, for what is a file. */
  readonly driver: string | undefined;
  /** Of which the token, `allowInsecure` and the name of a driver for files count. */
  readonly loaded: LoadedConfig | undefined;
}

/**
 * Chooses both ends of a copy. Nothing is opened.
 *
 * @throws {MigrationError} SKM_URL, SKM_REMOTE_TLS, SKM_USAGE; SKM_COPY_TARGET when both are one database.
 */
export function chooseCopy(request: CopyRequest): CopyChoice {
  const from = choosePlace(request, request.from);
  const to = choosePlace(request, request.to);
  if (from.kind === "remote" && to.kind === "remote") assertTwoServers(request, { from, to });
  return { from, to };
}

function choosePlace({ env, cwd, driver, loaded }: CopyRequest, url: string): CopyPlace {
  const isRemote = isRemoteUrl(url);
  const choice = chooseDatabase({
    env,
    cwd,
    url,
    driver: isRemote ? undefined : driver,
    breakLock: false,
    loaded: loaded === undefined ? undefined : { ...loaded, config: forCopy(loaded.config, isRemote) },
  });
  if (choice.kind === "remote") return choice;
  if (choice.kind === "file" && choice.path !== ":memory:") return choice;
  throw usageError("a database in memory cannot be copied: nobody else sees it", "name a file or a server");
}

/** A file is written as its source is laid out, and not as the project would have it. */
function forCopy(
  { journalMode: _journalMode, driver, ...config }: LoadedConfig["config"],
  isRemote: boolean,
): LoadedConfig["config"] {
  return isRemote || typeof driver !== "string" ? config : { ...config, driver };
}

interface TwoServers {
  readonly from: Extract<CopyPlace, { readonly kind: "remote" }>;
  readonly to: Extract<CopyPlace, { readonly kind: "remote" }>;
}

/** One token of the environment is for one server. */
function assertTwoServers(request: CopyRequest, { from, to }: TwoServers): void {
  if (isSameRemote(from.remote.url, to.remote.url)) {
    throw new MigrationError("SKM_COPY_TARGET", "refusing to copy: source and target are the same database", {
      details: { host: to.remote.host },
      hint: "name another target",
    });
  }
  const hasOwnToken = [request.from, request.to].some((url) => /authToken=/iu.test(url));
  if (hasOwnToken || from.remote.authToken === undefined || from.remote.host === to.remote.host) return;
  if (from.remote.authToken !== to.remote.authToken) return;
  throw usageError(
    "it is not clear which of the two servers the token is for",
    "set TURSO_DATABASE_URL to the one that TURSO_AUTH_TOKEN is for, or url in the configuration to the one of its authToken, and write ?authToken=… in the URL of the other",
  );
}
