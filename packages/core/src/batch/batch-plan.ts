import type { Statement } from "../driver/statement.ts";
import type { ErrorCode } from "../errors/codes.ts";
import type { ErrorDetails } from "../errors/migration-error.ts";
import type { RowProgress } from "../ops/operation.ts";
import type { TypeRisk } from "../sql/type-change.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";

/** What the failure of a statement means, where the engine's own words would not tell. */
export interface Guard {
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether the engine's words say more than "malformed JSON" and follow the message. */
  readonly tellsCause?: true;
  /** Whether it holds SQL of the author, whose own errors are something else than the guard's refusal. */
  readonly onlyJson?: true;
  /** Only a failure whose words have this is the guard's; any other speaks for itself. */
  readonly onlyWith?: string;
  readonly details?: ErrorDetails;
  readonly hint?: string;
}

/** A statement of a batch; with `guard`, one that may fail because something is wrong with the change. */
export interface BatchStatement extends Statement {
  readonly guard?: Guard;
  /** How far a work on many rows is when the statement has run. */
  readonly progress?: RowProgress;
}

/** What is known about the database when a batch is compiled. */
export interface BatchContext {
  readonly schema: DatabaseSchema;
  /** ALTER TABLE can add and drop CHECK and NOT NULL (SQLite 3.53 and later), as probed. */
  readonly alterConstraints: boolean;
  /** Rows of the table and of those that refer to it, by folded name; `undefined` where nobody counted. */
  readonly rows: ReadonlyMap<string, number> | undefined;
  /** Rowids to be copied with one statement each in a rebuild; without them it is one for all. */
  readonly copyRanges?: readonly RowidRange[];
}

/** Rowids from one to another, both included. */
export interface RowidRange {
  readonly from: bigint;
  readonly to: bigint;
}

export interface BatchPlan {
  /** `"none"`: there is nothing to do. `"native"`: SQLite has a statement for every change. */
  readonly method: "none" | "native" | "rebuild";
  readonly statements: readonly BatchStatement[];
  /** Tables whose foreign keys the rebuild would fire or check; while there are any, enforcement must be off. */
  readonly linkedTables: readonly string[];
  /** Which values the copy of a rebuild would change. */
  readonly valueRisks: readonly ValueRisk[];
}

/** Rows whose value in a column becomes another one by being copied. */
export interface ValueRisk extends TypeRisk {
  readonly table: string;
  readonly column: string;
  /** `"key"`: NULL in what becomes another name of the rowid. `"replaced"`: in what becomes generated. */
  readonly kind: "type" | "key" | "replaced";
}
