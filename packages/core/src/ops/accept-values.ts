import type { SqlValue } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { describePlace, type Place } from "./place.ts";

/** What an author may pass as a value; `true` and `false` are stored as 1 and 0. */
export type InputValue = SqlValue | boolean;

const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

/**
 * Accepts one value for a parameter. What SQLite cannot store is refused: libraries turn it into NULL, into
 * text, or into another number without a word.
 *
 * @param where Where it stands, for the message; a function, since it is needed only then.
 * @throws {SKM_VALUE}
 */
export function acceptValue(value: unknown, where: () => string): SqlValue {
  if (typeof value === "string") {
    if (value.isWellFormed()) return value;
    throw invalid(value, where, ["it holds half of a surrogate pair"]);
  }
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw invalid(value, where, ["it is not a finite number"]);
  }
  if (typeof value === "bigint") {
    if (value >= smallestInteger && value <= largestInteger) return value;
    throw invalid(value, where, ["it does not fit into 64 bits", "store it as text"]);
  }
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null) return null;
  // A copy: the author may go on using the buffer, and bytes cannot be frozen.
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  throw invalid(value, where, ["it is no value that SQLite stores", hintFor(value)]);
}

/**
 * Accepts the values of a statement.
 *
 * @throws {TypeError} it is no array.
 * @throws {SKM_VALUE} see {@link acceptValue}.
 */
export function acceptValues(values: unknown, place: Place): readonly SqlValue[] {
  if (!Array.isArray(values)) {
    throw new TypeError(`${describePlace(place)} must be an array, got ${quoteForMessage(values, 60)}`);
  }
  const items: readonly unknown[] = values;
  return Object.freeze(
    items.map((value, index) =>
      acceptValue(value, () => `parameter ${index + 1} of ${describePlace(place)}`),
    ),
  );
}

function hintFor(value: unknown): string {
  if (value === undefined) return "pass null for NULL";
  if (value instanceof Date) return "pass value.toISOString() or value.getTime()";
  return "pass a string, number, bigint, boolean, Uint8Array or null; JSON.stringify makes text of an object";
}

function invalid(
  value: unknown,
  where: () => string,
  [problem, hint]: readonly [problem: string, hint?: string],
): MigrationError {
  const place = where();
  return new MigrationError("SKM_VALUE", `cannot use ${quoteForMessage(value, 60)} as ${place}: ${problem}`, {
    details: { where: place, type: typeof value, problem },
    ...(hint === undefined ? {} : { hint }),
  });
}
