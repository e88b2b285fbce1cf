import type { Driver } from "../driver/driver.ts";

/** Where a copy goes. */
export type CopyTarget =
  /** A database that exists, or a server: it is written in one transaction. */
  | { readonly kind: "database"; readonly driver: Driver }
  | {
      /** A file. Where there is none yet, it is made under another name and moved when it is complete. */
      readonly kind: "file";
      /** Absolute. */
      readonly path: string;
      /** Makes the driver for a file. */
      open(path: string): Driver;
    };

export interface CopyOptions {
  readonly from: Driver;
  readonly to: CopyTarget;
  /** Replaces everything that the target holds; a target that holds something is refused unless told. */
  readonly replace?: boolean;
  /** Whether a source that holds nothing may replace everything; `"refuse"` unless told. */
  readonly emptySource?: "refuse" | "allow";
  /** Milliseconds to wait for a lock, 30,000 unless told. */
  readonly waitMs?: number;
  /** Cancels between two pages of rows. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: CopyEvent) => void;
}

/** What happens during a copy, as it happens. */
export type CopyEvent =
  | { readonly kind: "wait"; readonly waitedMs: number }
  | { readonly kind: "start"; readonly tables: number; readonly rows: number }
  /** Rows of a table that are written, of so many; comes at least once for each table. */
  | { readonly kind: "rows"; readonly table: string; readonly rows: number; readonly total: number }
  | { readonly kind: "verified"; readonly tables: number; readonly rows: number };

export interface CopiedTable {
  readonly name: string;
  readonly rows: number;
}

export interface CopyResult {
  /** In the order of the source. */
  readonly tables: readonly CopiedTable[];
  /** Rows in all tables. */
  readonly rows: number;
  /** Whether the target held something before. */
  readonly replaced: boolean;
  /** What the source has and the target does not take, in words; no row is ever among it. */
  readonly skipped: readonly string[];
  /** Tables of the source that were left where they are, because engines keep their names for themselves. */
  readonly leftOut: readonly string[];
}
