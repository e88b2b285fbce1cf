import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";
import type { SqlValue } from "./statement.ts";

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;
const minSafe = BigInt(Number.MIN_SAFE_INTEGER);
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Checks parameters and turns safe integers into `bigint`, because libraries bind every JavaScript number
 * as REAL, and 1.0 is not 1 in a column without affinity.
 *
 * @throws {DriverError} kind `value`: undefined, boolean, NaN, an object, an integer beyond 64 bits, text
 * that is not well-formed Unicode (it would be stored as U+FFFD).
 */
export function toEngineValues(params: readonly SqlValue[]): readonly SqlValue[] {
  return params.map(toEngineValue);
}

function toEngineValue(value: unknown, index: number): SqlValue {
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "number" && !Number.isNaN(value)) {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === "bigint" && value >= smallest && value <= largest) return value;
  if (typeof value === "string" && value.isWellFormed()) return value;
  throw refuse(value, index);
}

function refuse(value: unknown, index: number): DriverError {
  const shown = typeof value === "string" ? "text with half a surrogate pair" : quoteForMessage(value, 40);
  return new DriverError("value", `parameter ${index + 1} cannot be bound: ${shown} is not an SQL value`, {
    hint: "pass null, a number, a bigint of at most 64 bits, well-formed text or a Uint8Array",
  });
}

/**
 * Brings rows to the contract, in place: an INTEGER becomes a `number` when it is safe, a BLOB a plain
 * `Uint8Array` whatever class the library made.
 */
export function normalizeRows(rows: SqlValue[][]): readonly (readonly SqlValue[])[] {
  for (const row of rows) normalizeRow(row);
  return rows;
}

/** Counts up instead of using an iterator: this runs once per value read. */
function normalizeRow(row: SqlValue[]): void {
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index];
    if (typeof value === "bigint") row[index] = fromInteger(value);
    else if (value instanceof Uint8Array) row[index] = plainBytes(value);
  }
}

function fromInteger(value: bigint): SqlValue {
  return value >= minSafe && value <= maxSafe ? Number(value) : value;
}

function plainBytes(value: Uint8Array): Uint8Array {
  if (value.constructor === Uint8Array) return value;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
