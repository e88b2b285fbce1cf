import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { LiteralValue } from "../schema/sql-fragment.ts";
import { type Role, roleText } from "./quote-identifier.ts";

const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

/**
 * Writes a value as an SQL literal that SQLite reads back as the same value: safe integers as INTEGER, other
 * numbers as REAL, `true` and `false` as 1 and 0, bytes as a BLOB. Text with NUL becomes an expression in
 * parentheses, because a NUL would end the statement on some engines.
 *
 * SQLite before 3.43 may read the last binary digit of a long REAL differently; a bound parameter does not
 * depend on the version.
 *
 * @throws {SKM_LITERAL} no literal exists: NaN, infinities, integers beyond 64 bits, text with half a
 * surrogate pair, objects.
 */
export function renderLiteral(value: LiteralValue): string {
  return renderUnknown(value);
}

/**
 * Refuses what has no literal.
 *
 * @param role What the value is for, as it stands in the message.
 * @throws {SKM_LITERAL}
 */
export function assertLiteral(value: unknown, role: Role): asserts value is LiteralValue {
  renderUnknown(value, role);
}

function renderUnknown(value: unknown, role: Role = "an SQL literal"): string {
  if (typeof value === "string") return renderText(value, role);
  if (typeof value === "number") return renderNumber(value, role);
  if (typeof value === "bigint") return renderInteger(value, role);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `X'${renderHex(value)}'`;
  throw invalid(value, role, ["it is no value that SQLite stores", hintFor(value)]);
}

function renderText(value: string, role: Role): string {
  if (!value.isWellFormed()) {
    throw invalid(value, role, ["it holds half of a surrogate pair", "pass the bytes as a Uint8Array"]);
  }
  if (!value.includes("\0")) return quoteText(value);
  // char(0) and not CAST(X'…' AS TEXT), which reads the bytes in the encoding of the database, be it UTF-16.
  return `(${value.split("\0").map(quoteText).join(" || char(0) || ")})`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function renderNumber(value: number, role: Role): string {
  if (!Number.isFinite(value))
    throw invalid(value, role, ["it is not a finite number", "pass null for NULL"]);
  if (Object.is(value, -0)) return "-0.0";
  if (Number.isSafeInteger(value)) return String(value);
  const text = String(value);
  return /[.e]/u.test(text) ? text : `${text}.0`;
}

function renderInteger(value: bigint, role: Role): string {
  if (value < smallestInteger || value > largestInteger) {
    throw invalid(value, role, ["it does not fit into 64 bits", "store it as text"]);
  }
  return String(value);
}

function renderHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0").toUpperCase();
  return hex;
}

function hintFor(value: unknown): string {
  if (value instanceof Date) return "pass value.toISOString() or value.getTime()";
  if (value === undefined) return "pass null for NULL";
  return "pass a string, number, bigint, boolean, Uint8Array or null; use sql`…` for an expression";
}

function invalid(
  value: unknown,
  given: Role,
  [problem, hint]: readonly [problem: string, hint: string],
): MigrationError {
  const role = roleText(given);
  return new MigrationError(
    "SKM_LITERAL",
    `cannot write ${quoteForMessage(value, 60)} as ${role}: ${problem}`,
    { details: { role, type: typeof value, problem }, hint },
  );
}
