/** An object that a comparison may look at or not. */
export interface ComparedObject {
  readonly kind: "table" | "index" | "trigger" | "view";
  readonly name: string;
  /** Of an index or trigger, the table or view that it belongs to; of others, their own name. */
  readonly table: string;
}

/** One column whose type or default is written differently on the two sides. */
export interface ComparedColumn {
  readonly table: string;
  readonly column: string;
  /** As SQL; `null` without one. */
  readonly from: string | null;
  readonly to: string | null;
}

/** `true`: the two are the same; `false`: they are not; `undefined`: the comparison decides. */
export type CompareColumn = (column: ComparedColumn) => boolean | undefined;

export interface DiffOptions {
  /** Whether an object is compared; what is left out is neither created nor dropped. */
  readonly include?: (object: ComparedObject) => boolean;
  /** Names of tables, views, indexes and triggers to leave out, `*` for any characters; with a table goes what is on it. */
  readonly exclude?: readonly string[];
  /**
   * What makes two types the same. `"declared"`, unless told: the same text, apart from case and space.
   * `"affinity"`: the same affinity (datatype3.html), except in STRICT tables.
   */
  readonly compareType?: "declared" | "affinity" | CompareColumn;
  /** Asked about defaults that are not the same text; without an answer they differ. */
  readonly compareDefault?: CompareColumn;
}
