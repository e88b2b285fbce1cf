import { DriverError, resolveDatabasePath } from "@skillmeat/migrate-core/driver";
import type { LibsqlOptions } from "./libsql.ts";
import { isRemoteUrl, parseRemoteTarget, type RemoteTarget } from "./remote/remote-target.ts";

/** Where a database is. */
export type Location =
  | { readonly kind: "remote"; readonly target: RemoteTarget }
  | { readonly kind: "local" }
  /** A local copy of a remote database. */
  | { readonly kind: "replica"; readonly path: string; readonly primary: RemoteTarget };

/**
 * Finds out what the options mean.
 *
 * @throws {DriverError} kind `cantopen`, reason `url`; kind `network`, reason `tls`.
 */
export function resolveLocation(options: LibsqlOptions, cwd: string): Location {
  const { url, syncUrl } = options;
  if (isRemoteUrl(url)) {
    if (syncUrl !== undefined) throw refuse("syncUrl is for a local file, and url is not one");
    return { kind: "remote", target: parseRemoteTarget(url, options) };
  }
  const path = resolveDatabasePath(url, { cwd });
  if (syncUrl === undefined) return { kind: "local" };
  if (path.kind === "memory") throw refuse("a replica is a file, and url is :memory:");
  if (!isRemoteUrl(syncUrl)) throw refuse("syncUrl is not the URL of a server");
  return { kind: "replica", path: path.path, primary: parseRemoteTarget(syncUrl, options) };
}

function refuse(problem: string): DriverError {
  return new DriverError("cantopen", problem, {
    reason: "url",
    hint: "write url: a file, syncUrl: the server it is a copy of",
  });
}
