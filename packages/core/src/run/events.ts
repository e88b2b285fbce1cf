import type { RowProgress } from "../ops/operation.ts";
import type { LintCode } from "../plan/plan-warning.ts";
import type { Step } from "../revision/revision-info.ts";

/** What a warning is about. Warnings never change the outcome. */
export type WarningCode =
  /** COMMIT reported an error, and reading the database again showed that it had taken effect. */
  | "SKM_COMMIT_RECOVERED"
  /** Another process moved the database on after this run had committed. */
  | "SKM_MOVED_ON"
  /** The courtesy lock could not be given back; it lapses by itself. */
  | "SKM_LOCK_LEFT"
  /** A backup that is not kept could not be deleted. */
  | "SKM_BACKUP_LEFT"
  /** There is a snapshot, and the revisions are replayed all the same. */
  | "SKM_SNAPSHOT_SKIPPED"
  /** What a plan warns of, see `lintCodes`; sent before the run begins where `lint` is `"warn"`. */
  | LintCode;

/** What happens during a run, as it happens. Times are milliseconds. */
export type RunEvent =
  | { readonly kind: "run-start"; readonly steps: readonly Step[]; readonly heads: readonly string[] }
  | {
      readonly kind: "wait";
      readonly waitedMs: number;
      /** Whom or what the run waits for, where that is known. */
      readonly holder?: string;
    }
  | { readonly kind: "replan"; readonly heads: readonly string[] }
  /** The open transaction was rolled back, and its steps begin again with foreign keys suspended. */
  | { readonly kind: "restart"; readonly reason: "foreign-keys" }
  | {
      readonly kind: "step-start";
      readonly step: Step;
      readonly index: number;
      readonly total: number;
      readonly message: string | undefined;
      /** The ids that the revision follows; empty at a base and for a stamp. */
      readonly downRevisions: readonly string[];
    }
  | { readonly kind: "statement"; readonly revision: string; readonly number: number; readonly sql: string }
  | {
      /** A statement of a work on many rows has run. */
      readonly kind: "progress";
      readonly revision: string;
      readonly activity: RowProgress["activity"];
      readonly table: string;
      /** Rows done, of so many. */
      readonly rows: number;
      readonly total: number;
      readonly elapsedMs: number;
      /** `null` while nothing can be said yet. */
      readonly rowsPerSecond: number | null;
      readonly remainingMs: number | null;
    }
  | {
      readonly kind: "step-end";
      readonly step: Step;
      readonly index: number;
      readonly total: number;
      readonly durationMs: number;
      readonly statements: number;
    }
  | {
      /** A backup has been made before the run. */
      readonly kind: "backup";
      readonly path: string;
      readonly bytes: number;
      /** It was there already: a backup with the same bytes. */
      readonly reused: boolean;
    }
  /** A backup that is not kept has been deleted: an older one after a run that succeeded, else its own. */
  | { readonly kind: "backup-deleted"; readonly path: string }
  /** A part of a failed run was committed, and the backup has been put back. */
  | { readonly kind: "restored"; readonly path: string }
  | { readonly kind: "commit"; readonly steps: number; readonly durationMs: number }
  | { readonly kind: "warning"; readonly code: WarningCode; readonly message: string }
  | { readonly kind: "process-exit"; readonly revision: string | undefined }
  | { readonly kind: "run-end"; readonly heads: readonly string[] };

export type RunListener = (event: RunEvent) => void;
