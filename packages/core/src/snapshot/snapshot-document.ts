/**
 * A stored value. `null`, text, safe integers and numbers with a fraction are themselves; everything else says its
 * storage class: `{ integer }` beyond 2^53, `{ real }` that looks like an integer or is infinite, `{ blob }` and
 * `{ text }` that is no valid UTF-8, both in hexadecimal. `{ now }` is the moment of the run, and how it is written.
 */
export type Cell =
  | null
  | string
  | number
  | { readonly integer: string }
  | { readonly real: string }
  | { readonly blob: string }
  | { readonly text: string }
  | { readonly now: string };

/** The rows of one table, in the order of its key. Where no column is the rowid, the rowid is one of them. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A statement with its values. */
export interface StoredStatement {
  readonly sql: string;
  readonly values: readonly Cell[];
}

/** What a database holds once revisions have run in it, without the version table. */
export interface EndState {
  /** CREATE statements of tables, indexes and views, as `sqlite_schema` holds them, in the order of creation. */
  readonly schema: readonly string[];
  /** Settings of full-text indexes, to be written before their rows. */
  readonly settings: readonly StoredStatement[];
  /** Tables without rows are left out. */
  readonly rows: readonly TableRows[];
  /** Statements that fill full-text indexes from other tables. */
  readonly rebuilds: readonly string[];
  /** `sqlite_sequence`; `null` where there is none. */
  readonly sequences: TableRows | null;
  /** What ANALYZE has left. */
  readonly statistics: readonly TableRows[];
  /** CREATE statements of triggers: they must not fire for the rows. */
  readonly triggers: readonly string[];
  readonly userVersion: number;
  readonly applicationId: number;
}

/** One revision that a snapshot stands for. */
export interface SnapshotRevision {
  readonly revision: string;
  /** SHA-256 of its file, the first 32 hexadecimal digits; `null` for a revision without a file. */
  readonly source: string | null;
  /** The checksum that a journal keeps: SHA-256 of the operations of its upgrade, normalised. */
  readonly checksum: string;
}

export interface Snapshot {
  /** The heads that it leads to, sorted. */
  readonly heads: readonly string[];
  /** All revisions up to the heads, in the order in which they ran. */
  readonly revisions: readonly SnapshotRevision[];
  readonly state: EndState;
  /** SHA-256 of everything else, so that damage and edits by hand are noticed. */
  readonly digest: string;
}

/** The version of the format, which is also what a file is known by. */
export const snapshotFormat = 1;

/** The name of the file unless a project says otherwise; it lies among the revision files, and is none. */
export const snapshotFileName = "skillmeat-snapshot.json";
