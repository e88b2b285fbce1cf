import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface VectorColumn {
  readonly name: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly server_default?: VectorDefault | null;
  readonly primary_key?: boolean;
  readonly unique?: boolean;
  readonly index?: boolean;
  readonly foreign_key?: {
    readonly table: string;
    readonly column: string;
    readonly name?: string;
    readonly on_delete?: string;
  };
  readonly check?: { readonly sql: string; readonly name?: string };
  readonly computed?: { readonly sql: string; readonly persisted?: boolean };
  readonly collation?: string;
  readonly create_constraint?: boolean;
  readonly constraint_name?: string;
}

export type VectorDefault = { readonly literal: string } | { readonly sql: string };

/** A neutral operation; which fields there are depends on `op`. */
export interface VectorOperation {
  readonly op: string;
  readonly table?: string;
  readonly name?: string | null;
  readonly type?: string;
  readonly column?: string | VectorColumn;
  readonly columns?: readonly (string | VectorColumn | { readonly expr: string })[];
  readonly ops?: readonly VectorOperation[];
  readonly recreate?: "auto" | "always" | "never";
  readonly partial_reordering?: readonly (readonly string[])[];
  readonly naming_convention?: Readonly<Record<string, string>>;
  readonly copy_from?: VectorOperation;
  readonly reflect_args?: readonly VectorColumn[];
  readonly insert_before?: string;
  readonly insert_after?: string;
  readonly new_name?: string;
  readonly nullable?: boolean;
  readonly server_default?: VectorDefault | null;
  readonly collation?: string;
  readonly comment?: string;
  readonly sql?: string;
  readonly ref_table?: string;
  readonly ref_columns?: readonly string[];
  readonly on_delete?: string;
  readonly on_update?: string;
  readonly unique?: boolean;
  readonly where?: string;
  readonly if_exists?: boolean;
  readonly if_not_exists?: boolean;
  readonly constraints?: readonly VectorOperation[];
  readonly autoincrement?: boolean;
  readonly without_rowid?: boolean;
  readonly strict?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly rows?: readonly Readonly<Record<string, string | number | null>>[];
}

export interface VectorState {
  readonly tables: Readonly<
    Record<string, { readonly rows?: readonly unknown[]; readonly virtual?: string }>
  >;
  readonly sqlite_sequence?: Readonly<Record<string, number>>;
}

export interface VectorEnd {
  readonly tag?: string;
  readonly state: VectorState;
  readonly reference_ddl?: readonly string[];
}

export interface VectorProbe {
  readonly sql: string | readonly string[];
  readonly expect: { readonly ok: boolean; readonly rows?: readonly unknown[] };
  readonly level: "must" | "should";
}

export interface VectorCase {
  readonly id: string;
  readonly foreign_keys: boolean;
  readonly before: readonly string[];
  readonly seed: readonly string[];
  readonly operations: readonly VectorOperation[];
  readonly volatile?: readonly string[];
  readonly expected: VectorEnd & {
    readonly outcome: "ok" | "error";
    readonly probes?: readonly VectorProbe[];
    readonly accept?: readonly string[];
    readonly accept_states?: readonly VectorEnd[];
  };
}

/** The recorded cases: what a batch must and must not do to a database. */
export function readVectorCases(): readonly VectorCase[] {
  const file = new URL("../fixtures/batch/dev.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line): VectorCase => JSON.parse(line));
}
