import type { SqlValue } from "../driver/statement.ts";
import { cannotCopy } from "./copy-error.ts";
import { recodeText, type TextEncoding } from "./text-encoding.ts";

/** A value as SQL: an expression that holds no parameter, or one. */
export interface ExactCell {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

const none: readonly SqlValue[] = [];

/** The encodings of text in source and target. */
export interface Encodings {
  readonly from: TextEncoding;
  readonly to: TextEncoding;
}

/** Writes a value of `exactColumns` so that the target stores the same, bit for bit. */
export function exactCell(type: SqlValue | undefined, value: SqlValue, encodings: Encodings): ExactCell {
  switch (String(type)) {
    case "null":
      return { sql: "NULL", params: none };
    case "text":
      return textCell(value, encodings);
    case "blob":
      // A library may bind an empty one as NULL.
      return value instanceof Uint8Array && value.length > 0 ? bound(value) : { sql: "x''", params: none };
    case "real":
      return realCell(value);
    default:
      return bound(value);
  }
}

function bound(value: SqlValue): ExactCell {
  return { sql: "?", params: [value] };
}

function textCell(value: SqlValue, { from, to }: Encodings): ExactCell {
  if (!(value instanceof Uint8Array) || value.length === 0) return { sql: "''", params: none };
  const bytes = recodeText(value, from, to);
  if (bytes !== undefined) return { sql: "CAST(? AS TEXT)", params: [bytes] };
  throw cannotCopy(
    "a text",
    `it is not valid ${from}, and the target stores text as ${to}`,
    "correct the text, or copy to a file",
  );
}

/** Numbers are bound as INTEGER where they are safe integers. */
function realCell(value: SqlValue): ExactCell {
  if (value === "+") return { sql: "9e999", params: none };
  if (value === "-") return { sql: "-9e999", params: none };
  if (Object.is(value, -0)) return { sql: "-0.0", params: none };
  return Number.isSafeInteger(value) ? { sql: "CAST(? AS REAL)", params: [value] } : bound(value);
}
