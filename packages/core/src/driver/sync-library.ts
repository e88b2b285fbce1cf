import type { Capabilities } from "./capabilities.ts";
import type { SyncEngine } from "./sync-engine.ts";

/** A synchronous library that opens databases, as far as the shared driver code needs it. */
export interface SyncLibrary {
  /** The lock that arbitrates between connections of this library. */
  readonly lock: Capabilities["lock"];
  /** Whether a connection can read while another one holds the write lock; `true` unless told. */
  readonly concurrentReads?: boolean;
  /** The longest SQL text, in bytes. */
  readonly sqlBytes: number;
  /**
   * Opens an existing file, or `:memory:`, with a busy timeout of 0.
   *
   * @throws {DriverError} what the library says.
   */
  open(path: string, access: "read" | "write"): SyncEngine;
}
