/**
 * A value that SQLite stores. Safe integers are bound as INTEGER, other numbers as REAL. Read back, an
 * INTEGER is a `number` when it is a safe integer and a `bigint` otherwise; a BLOB is a `Uint8Array`.
 */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** One SQL statement with bare `?` parameters only. It never controls the transaction. */
export interface Statement {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
  /** Why the statement is there, for plans and offline SQL. */
  readonly comment?: string;
}

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Rows changed by INSERT, UPDATE or DELETE; 0 for every other statement. */
  readonly changes: number;
}
