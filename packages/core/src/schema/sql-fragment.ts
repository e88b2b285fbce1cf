/**
 * SQL text that its author vouches for, made by the `sql` tag. The text is used as it stands: nothing in it
 * is quoted or escaped.
 */
export interface SqlFragment {
  readonly kind: "sql";
  readonly text: string;
}

/**
 * SQL in a place where nothing but SQL makes sense: an expression of a CHECK, the body of a trigger, the
 * SELECT of a view. A plain string is as good as a fragment there; where a value is possible too (a
 * default), a plain string is a value.
 */
export type SqlText = string | SqlFragment;

/** A value that can be written as an SQL literal. `true` and `false` become 1 and 0. */
export type LiteralValue = null | boolean | number | bigint | string | Uint8Array;

export function isSqlFragment(value: unknown): value is SqlFragment {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "sql" &&
    "text" in value &&
    typeof value.text === "string"
  );
}

/** The SQL of a {@link SqlText}, whichever of its two forms it has. */
export function textOf(sql: SqlText): string {
  return typeof sql === "string" ? sql : sql.text;
}
