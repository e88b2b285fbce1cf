import type { SqlValue } from "../driver/statement.ts";
import { clockSql } from "./clock.ts";
import { fromHex, toHex } from "./digest.ts";
import type { Cell } from "./snapshot-document.ts";

/** A value as SQL, and the parameters in it. */
export interface CellSql {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/**
 * Writes a value down.
 *
 * @param type its storage class, and `value` what `exactColumns` reads for it: text as its bytes, an infinite
 * number as its sign.
 */
export function toCell(type: SqlValue | undefined, value: SqlValue): Cell {
  switch (String(type)) {
    case "null":
      return null;
    case "text":
      return textCell(bytesOf(value));
    case "blob":
      return { blob: toHex(bytesOf(value)) };
    case "real":
      return realCell(value);
    default:
      return typeof value === "bigint" ? { integer: String(value) } : Number(value);
  }
}

/** A library may read an empty one as NULL. */
function bytesOf(value: SqlValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function textCell(bytes: Uint8Array): Cell {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { text: toHex(bytes) };
    throw error;
  }
}

function realCell(value: SqlValue): Cell {
  if (value === "+" || value === "-") return { real: `${value}Infinity` };
  const number = Number(value);
  // Every number beyond 2^53 has an integral value, and is written with its class.
  if (!Number.isInteger(number)) return number;
  return { real: Object.is(number, -0) ? "-0" : String(number) };
}

const none: readonly SqlValue[] = [];

/** Writes a cell so that a database in UTF-8 stores the same, bit for bit. */
export function cellSql(cell: Cell): CellSql {
  if (cell === null) return { sql: "NULL", params: none };
  if (typeof cell === "string") return textSql(cell);
  if (typeof cell === "number") return bound(cell);
  if ("integer" in cell) return bound(BigInt(cell.integer));
  if ("now" in cell) return { sql: clockSql(cell.now), params: none };
  if ("real" in cell) return realSql(Number(cell.real));
  const bytes = fromHex("blob" in cell ? cell.blob : cell.text);
  if ("text" in cell) return { sql: "CAST(? AS TEXT)", params: [bytes] };
  // A library may bind an empty one as NULL.
  return bytes.length === 0 ? { sql: "x''", params: none } : bound(bytes);
}

function bound(value: SqlValue): CellSql {
  return { sql: "?", params: [value] };
}

/** A library may end a text at NUL. */
function textSql(text: string): CellSql {
  if (!text.includes("\0")) return bound(text);
  const parts = text.split("\0");
  return { sql: `(${parts.map(() => "?").join(" || char(0) || ")})`, params: parts };
}

/** Numbers are bound as INTEGER where they are safe integers. */
function realSql(value: number): CellSql {
  if (!Number.isFinite(value)) return { sql: value > 0 ? "9e999" : "-9e999", params: none };
  if (Object.is(value, -0)) return { sql: "-0.0", params: none };
  return Number.isSafeInteger(value) ? { sql: "CAST(? AS REAL)", params: [value] } : bound(value);
}
