import type { Capabilities } from "./capabilities.ts";
import type { QueryResult, Statement } from "./statement.ts";

export interface ConnectOptions {
  /** Opens for reading only: not a byte is written and a missing database is not created. */
  readonly readOnly?: boolean;
  /** `false`: a missing database is an error (kind `cantopen`, reason `missing`) instead of being created; `true` unless told. */
  readonly create?: boolean;
  /** Milliseconds to wait for a lock that opening needs, 30,000 unless told. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** Makes connections to one database. Everything that prevents working with it fails in `connect`, not later. */
export interface Driver {
  readonly name: string;
  /** @throws {DriverError} cannot open, not a database, corrupt, authentication, network. */
  connect(options?: ConnectOptions): Promise<Connection>;
  /** Makes an empty database in memory with each connection, of the same engine where that can be. */
  readonly scratch?: Driver;
  /** Makes a driver of the same library for another file, where databases are files. */
  forFile?(path: string): Driver;
}

export interface UnitOptions {
  /** `"suspended"`: no foreign key is enforced and no action fires; `"enforced"` unless told. */
  readonly foreignKeys?: "enforced" | "suspended";
  /** Milliseconds to wait for the write lock, 30,000 unless told; 0 tries once. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  /**
   * A query for after COMMIT. A driver whose engine is behind a network sends it along, and its result follows
   * those of the steps; others leave it out, because asking by itself costs them nothing.
   */
  readonly readAfter?: Statement;
  /** Called while waiting, with the milliseconds waited so far. */
  onWait?(ms: number): void;
}

/** What is asked before a unit, in the same round trip. */
export interface UnitCondition {
  /** A query that fails where the unit must not begin. */
  readonly condition: Statement;
  /** Queries for where it fails, each by itself. */
  readonly questions: readonly Statement[];
}

/** What became of a unit with a condition. */
export type ConditionalResult =
  | { readonly kind: "done"; readonly results: readonly QueryResult[] }
  /** Nothing was begun. What the questions answered, in their order; `undefined` for one that failed. */
  | { readonly kind: "refused"; readonly answers: readonly (QueryResult | undefined)[] };

/** Runs statements inside an open transaction. */
export interface Executor {
  query(statement: Statement): Promise<QueryResult>;
}

/** ONE engine connection or stream, never a pool. */
export interface Connection extends Executor {
  readonly capabilities: Capabilities;
  /** Runs exactly one statement in autocommit. */
  query(statement: Statement): Promise<QueryResult>;
  /**
   * Runs all statements in one write transaction: all or nothing.
   * @throws {DriverError} with `step` (the index of the failing statement) and `outcome`.
   */
  unit(steps: readonly Statement[], options?: UnitOptions): Promise<readonly QueryResult[]>;
  /**
   * Present where a round trip costs more than statements: runs a unit where the condition holds, and asks where it
   * does not. No lock is taken for either. What it throws is about the unit, as with `unit`; a step of its number is the unit's.
   */
  unitIf?(
    condition: UnitCondition,
    steps: readonly Statement[],
    options?: UnitOptions,
  ): Promise<ConditionalResult>;
  /** Present where `capabilities.interactive`: commits when `work` resolves, rolls back when it rejects. */
  transaction?<T>(work: (tx: Executor) => Promise<T>, options?: UnitOptions): Promise<T>;
  /** Brings an embedded replica up to date. */
  sync?(): Promise<void>;
  /** Writes a consistent copy to a path that must not exist. */
  backup?(path: string): Promise<void>;
  /** Closes the connection, rolling back what is open. May be called again. */
  close(): Promise<void>;
}
