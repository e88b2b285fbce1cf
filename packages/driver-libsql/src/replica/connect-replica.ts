import {
  DriverError,
  quoteForMessage,
  type ConnectOptions,
  type Connection,
} from "@skillmeat/migrate-core/driver";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { createReplicaClient, type ReplicaClient } from "../file/engine.ts";
import { connectRemote, type RemoteConnection } from "../remote/connect-remote.ts";
import type { Server } from "../remote/server.ts";

export interface Replica {
  /** The local file, absolute. */
  readonly path: string;
  /** The primary. */
  readonly server: Server;
}

/**
 * Connects to the primary of an embedded replica. Everything is read from and written to the primary, because
 * the copy may be old; `sync` brings the copy up to date and proves it.
 */
export function connectReplica(replica: Replica, options: ConnectOptions): Connection {
  const primary = connectRemote(replica.server, options);
  return { ...primary, capabilities: primary.capabilities, sync: async () => await sync(replica, primary) };
}

/** Tries before a copy counts as stuck: a primary may answer before its log is ready to be copied. */
const tries = 5;
const schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";

async function sync(replica: Replica, primary: RemoteConnection): Promise<void> {
  const wanted = await primary.query({ sql: schema });
  const index = primary.replicationIndex();
  const { target } = replica.server;
  let client: ReplicaClient | undefined;
  try {
    client = await openClient(replica);
    let problem = "it was not tried";
    for (let round = 0; round < tries; round += 1) {
      const frame = (await client.sync())?.frame_no;
      problem = await findProblem(client, { frame, index, wanted: wanted.rows });
      if (problem === "") return;
      await new Promise((resolve) => setTimeout(resolve, 100 * (round + 1)));
    }
    throw behind(replica, problem);
  } catch (error) {
    if (error instanceof DriverError) throw error;
    const cause = withoutSecret(error, target.authToken);
    throw behind(replica, `it cannot be brought up to date: ${cause.message}`, cause);
  } finally {
    client?.close();
  }
}

async function openClient({ path, server }: Replica): Promise<ReplicaClient> {
  const { endpoint, authToken } = server.target;
  return await createReplicaClient({
    url: pathToFileURL(path).href.replace(/^file:\/\/\//, "file:/"),
    syncUrl: endpoint.replace(/\/v3\/pipeline$/, ""),
    ...(authToken === undefined ? {} : { authToken }),
    intMode: "bigint",
  });
}

interface Expected {
  readonly frame: number | undefined;
  readonly index: string | undefined;
  readonly wanted: readonly (readonly unknown[])[];
}

/** Empty when the copy holds the newest commit of this connection and has the schema of the primary. */
async function findProblem(client: ReplicaClient, expected: Expected): Promise<string> {
  const { frame, index, wanted } = expected;
  if (index !== undefined && frame !== undefined && BigInt(frame) < BigInt(index)) {
    return `it is at frame ${frame} and the primary at ${index}`;
  }
  const { rows } = await client.execute(schema);
  const found = rows.map((row) => Array.from(row));
  return JSON.stringify(found) === JSON.stringify(wanted) ? "" : "its schema is not that of the primary";
}

function behind({ path, server }: Replica, problem: string, cause?: unknown): DriverError {
  return new DriverError("io", `the replica ${quoteForMessage(path)} is behind its primary: ${problem}`, {
    reason: "replica-behind",
    target: server.target.host,
    hint: "the migration is on the primary; call sync() of the client that uses the replica",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What the library says, which is given the token: its message, stack and causes are not ours to trust. */
function withoutSecret(error: unknown, secret: string | undefined): Error {
  if (error instanceof Error && (secret === undefined || !inspect(error).includes(secret))) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Error(secret === undefined ? message : message.replaceAll(secret, "…"));
}
