import {
  defaultWaitMs,
  throwIfAborted,
  type ConnectOptions,
  type Connection,
} from "@skillmeat/migrate-core/driver";
import { controlStatement, inTransaction } from "./hrana-request.ts";
import { createRemoteCapabilities } from "./remote-capabilities.ts";
import type { RemoteSession } from "./remote-session.ts";
import { runQuery } from "./run-query.ts";
import { runTransaction } from "./run-transaction.ts";
import { runUnit, runUnitIf } from "./run-unit.ts";
import type { Server } from "./server.ts";

/** A connection to a server, and what only this package asks of it. */
export interface RemoteConnection extends Connection {
  /** The newest commit of this connection that the server has counted; undefined before the first. */
  replicationIndex(): string | undefined;
}

/**
 * Makes a connection to a server without a request: a command that finds nothing to do then costs exactly the
 * requests of its queries. What prevents working with the server (no network, no such database, refused
 * credentials) is found by the first one.
 */
export function connectRemote(server: Server, options: ConnectOptions): RemoteConnection {
  throwIfAborted(options.signal);
  const session: RemoteSession = {
    server,
    readOnly: options.readOnly ?? false,
    waitMs: options.waitMs ?? defaultWaitMs,
    learned: createRemoteCapabilities(),
    inUse: false,
    stream: undefined,
    foreignKeysOff: false,
    replicationIndex: undefined,
    closed: false,
  };
  return {
    capabilities: session.learned.capabilities,
    query: async (statement) => await runQuery(session, statement),
    unit: async (steps, unitOptions = {}) => await runUnit(session, steps, unitOptions),
    unitIf: async ({ questions, condition }, steps, unitOptions = {}) =>
      await runUnitIf(session, { first: [condition, ...questions], steps }, unitOptions),
    transaction: async (work, unitOptions = {}) => await runTransaction(session, work, unitOptions),
    replicationIndex: () => session.replicationIndex,
    close: async () => await close(session),
  };
}

async function close(session: RemoteSession): Promise<void> {
  if (session.closed) return;
  session.closed = true;
  const rollback = { stmt: controlStatement("ROLLBACK"), condition: inTransaction };
  await session.stream?.end([{ type: "batch", batch: { steps: [rollback] } }], { effect: "open" });
}
