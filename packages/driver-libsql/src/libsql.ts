import {
  createSyncFileDriver,
  type Driver,
  type PragmaProfile,
  type PragmaReport,
} from "@skillmeat/migrate-core/driver";
import { fileDriver } from "./file/file-driver.ts";
import { connectRemote } from "./remote/connect-remote.ts";
import type { RemoteTarget } from "./remote/remote-target.ts";
import { createServerClock } from "./remote/server-clock.ts";
import type { Fetch, Server } from "./remote/server.ts";
import { connectReplica } from "./replica/connect-replica.ts";
import { resolveLocation } from "./resolve-location.ts";

export interface LibsqlOptions {
  /**
   * The URL of a server (`libsql:`, `https:`, `wss:`; `http:` and `ws:` on this machine), or a file: a path, a
   * `file:` or `sqlite:` URL, or `:memory:`.
   */
  readonly url: string;
  /** The token for the server. It is in no message. */
  readonly authToken?: string;
  /** The server that the file `url` is a copy of: migrations run there, then the copy is brought up to date. */
  readonly syncUrl?: string;
  /** The database on a server with several that are not told apart by host name. */
  readonly namespace?: string;
  /** Milliseconds to wait for one answer of a server; 30,000 unless told. */
  readonly timeoutMs?: number;
  /** Allows a connection without TLS to another machine; not unless told. */
  readonly allowInsecure?: boolean;
  /** Makes the requests, for a proxy or own certificates; the global `fetch` unless told. */
  readonly fetch?: Fetch;
  /** Switches a file to a write-ahead log when it is opened for writing; left as it is unless told. */
  readonly journalMode?: "wal";
  /** Creates a missing directory of a file with mode 0700; not unless told. */
  readonly createParent?: boolean;
  /** Removes the lock directory that a killed process left beside a file, as in the other drivers of files. */
  readonly breakLock?: boolean;
  /** PRAGMAs to set on a file after those of a migrating connection, in this order. */
  readonly pragmas?: PragmaProfile;
  /** Told what became of `pragmas`, some of which SQLite may ignore. */
  readonly onPragmas?: (report: readonly PragmaReport[]) => void;
}

const defaultTimeoutMs = 30_000;
/** A longer delay would overflow a timer and fire at once. */
const largestTimeoutMs = 2_147_483_647;

/**
 * Makes a driver for libSQL: servers (sqld, Turso), files, and embedded replicas.
 *
 * On a server a whole unit is one request, with foreign keys really suspended where asked; connecting makes no
 * request, so an unreachable server is noticed by the first query. Files need the package `@libsql/client`.
 *
 * @throws {TypeError} no url, or a timeout that is not a positive whole number.
 * @example
 * const driver = libsql({ url: "libsql://cache.example", authToken: process.env.TURSO_AUTH_TOKEN });
 */
export function libsql(options: LibsqlOptions): Driver {
  if (typeof options.url !== "string") throw new TypeError("libsql() needs a url");
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > largestTimeoutMs) {
    throw new TypeError("timeoutMs is a whole number of milliseconds, 1 or more");
  }
  // Kept, so that a later change of the working directory does not lead to another file.
  const cwd = process.cwd();
  const clock = createServerClock();
  const serverOf = (target: RemoteTarget): Server => ({
    target,
    timeoutMs,
    fetch: options.fetch ?? fetch,
    clock,
  });
  const files = createSyncFileDriver(fileDriver, options);
  return {
    name: "libsql",
    connect: async (connect = {}) => {
      const location = resolveLocation(options, cwd);
      switch (location.kind) {
        case "remote":
          return connectRemote(serverOf(location.target), connect);
        case "local":
          return await files.connect(connect);
        case "replica":
          return connectReplica({ ...location, server: serverOf(location.primary) }, connect);
      }
    },
    ...(files.scratch === undefined ? {} : { scratch: files.scratch }),
  };
}
