import type { RunListener } from "../run/events.ts";
import type { Session } from "../run/session.ts";
import type { RevisionLibrary } from "./revision-library.ts";

/** What every command works with. */
export interface CommandContext {
  readonly session: Session;
  /** The revisions, read when they are first asked for. */
  library(): Promise<RevisionLibrary>;
  readonly emit: RunListener;
  readonly transactionPer: "run" | "revision";
  readonly foreignKeys: "enforced" | "suspended";
  readonly signal?: AbortSignal | undefined;
}
