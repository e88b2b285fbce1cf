import { DriverError } from "@skillmeat/migrate-core/driver";
import type { LearnedCapabilities } from "./remote-capabilities.ts";
import type { RemoteStream } from "./remote-stream.ts";
import type { Server } from "./server.ts";

/** What the parts of one remote connection share. */
export interface RemoteSession {
  readonly server: Server;
  readonly readOnly: boolean;
  /** Milliseconds to wait for a lock where the call does not say. */
  readonly waitMs: number;
  readonly learned: LearnedCapabilities;
  /** A unit or transaction is at work. */
  inUse: boolean;
  /** The stream of the transaction that is open. */
  stream: RemoteStream | undefined;
  /** Whether the caller switched foreign keys off for statements outside of transactions. */
  foreignKeysOff: boolean;
  /** The newest commit of ours that the server has counted. */
  replicationIndex: string | undefined;
  closed: boolean;
}

/** @throws {DriverError} kind `closed`; kind `busy`, reason `in-use`, as every driver says it. */
export function assertIdle(session: RemoteSession): void {
  const target = session.server.target.host;
  if (session.closed) throw new DriverError("closed", "the connection is closed", { target });
  if (!session.inUse) return;
  throw new DriverError("busy", "the connection is inside a transaction", {
    reason: "in-use",
    target,
    hint: "use the executor that the transaction passes to its function, or another connection",
  });
}
