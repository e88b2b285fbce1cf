import { quoteIdentifier } from "./quote-identifier.ts";
import { affinityOf } from "./type-affinity.ts";

/** A way in which values suffer from another type. */
export interface TypeRisk {
  /** Which rows, as a condition on the old column. */
  readonly condition: string;
  /** What happens to the column in each of them, behind its name. */
  readonly consequence: string;
  /** The value itself becomes another one, which the old type would not give back. */
  readonly changesValue: boolean;
}

/**
 * What another declared type does to values that a rebuild copies as they are: affinity turns text that looks
 * like a number into one, which loses its form ("007"), and large integers into inexact ones. SQLite itself
 * enforces no length, but others that read the type do.
 */
export function typeRisks(column: string, from: string, to: string): readonly TypeRisk[] {
  const name = quoteIdentifier(column);
  const isText = `typeof(${name}) = 'text'`;
  // White space around a number is no part of it (sqlite3AtoF in util.c).
  const bare = `trim(${name}, char(9, 10, 11, 12, 13, 32))`;
  const looksNumeric = `${bare} GLOB '*[0-9]*' AND ${bare} NOT GLOB '*[^0-9eE+.-]*'`;
  const risks: TypeRisk[] = [];
  const [before, after] = [affinityOf(from), affinityOf(to)];
  const isNumeric = after === "INTEGER" || after === "NUMERIC" || after === "REAL";
  if (isNumeric && (before === "TEXT" || before === "BLOB")) {
    risks.push({
      condition: `${isText} AND ${looksNumeric} AND CAST(CAST(${name} AS NUMERIC) AS TEXT) <> ${name}`,
      consequence: "looks like a number and loses its form, as '007' becomes 7",
      changesValue: true,
    });
    risks.push({
      condition: `${isText} AND NOT (${looksNumeric})`,
      consequence: `is text that is no number, and stays text in a column of type ${to}`,
      changesValue: false,
    });
  }
  if (after === "REAL" && before !== "REAL") {
    risks.push({
      // The largest integer becomes 2^63, which CAST turns into the largest integer again.
      condition: `typeof(${name}) = 'integer' AND (CAST(CAST(${name} AS REAL) AS INTEGER) <> ${name} OR ${name} = 9223372036854775807)`,
      consequence: "is an integer too large to be exact as REAL",
      changesValue: true,
    });
  }
  if (after === "TEXT" && before !== "TEXT") {
    risks.push({
      condition: `typeof(${name}) IN ('integer', 'real')`,
      consequence: "is a number and becomes text, which sorts and compares in another way",
      changesValue: false,
    });
  }
  const length = lengthOf(to);
  if (after === "TEXT" && length !== undefined && length < (lengthOf(from) ?? Infinity)) {
    risks.push({
      condition: `length(${name}) > ${length}`,
      consequence: `is longer than ${length} characters, which SQLite lets pass and other readers may not`,
      changesValue: false,
    });
  }
  return risks;
}

function lengthOf(type: string): number | undefined {
  const digits = /\(\s*(\d+)\s*\)/u.exec(type)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
