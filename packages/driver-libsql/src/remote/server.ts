import type { RemoteTarget } from "./remote-target.ts";
import type { ServerClock } from "./server-clock.ts";

/** The function that makes requests; the global `fetch` unless told. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** A server and how to talk to it. */
export interface Server {
  readonly target: RemoteTarget;
  /** Milliseconds to wait for one answer. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: ServerClock;
}
