import type { RunListener } from "../run/events.ts";
import type { Session } from "../run/session.ts";
import type { KnownHeads } from "../script/header-cache.ts";
import type { RevisionLocations } from "./choose-directory.ts";
import type { SnapshotPlace } from "./snapshot/snapshot-place.ts";
import type { LastUpgrade } from "./last-upgrade.ts";
import type { RevisionLibrary } from "./revision-library.ts";

/** What every command works with. */
export interface CommandContext {
  readonly session: Session;
  /** The revisions, read when they are first asked for. */
  library(): Promise<RevisionLibrary>;
  /** The newest revisions, where they are known without reading the revisions; else `null`. */
  knownHeads(): KnownHeads | null;
  /** Has the revisions read again when they are next asked for. */
  forgetLibrary(): void;
  readonly locations: RevisionLocations;
  /** Where a snapshot may be found; `null` where none is to be used. */
  readonly snapshot: SnapshotPlace | null;
  readonly lastUpgrade: LastUpgrade;
  readonly emit: RunListener;
  readonly transactionPer: "run" | "revision";
  readonly foreignKeys: "enforced" | "suspended";
  /** Whether `upgrade` accepts a newer database that this code may open; not unless told. */
  readonly newer?: "refuse" | "allow";
  readonly signal?: AbortSignal | undefined;
}
