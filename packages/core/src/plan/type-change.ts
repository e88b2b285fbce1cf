import { quoteIdentifier } from "../sql/quote-identifier.ts";

type Affinity = "TEXT" | "NUMERIC" | "INTEGER" | "REAL" | "BLOB";

/** The rules of datatype3.html#determination_of_column_affinity, in their order. */
export function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/u.test(upper)) return "TEXT";
  if (upper === "" || upper.includes("BLOB")) return "BLOB";
  return /REAL|FLOA|DOUB/u.test(upper) ? "REAL" : "NUMERIC";
}

/** A way in which values suffer from another type. */
export interface TypeRisk {
  /** Which rows, as a condition on the old column. */
  readonly condition: string;
  /** What happens to the column in each of them, behind its name. */
  readonly consequence: string;
}

/**
 * What another declared type does to values that a rebuild copies as they are: affinity turns text that looks
 * like a number into one, which loses its form ("007"), and large integers into inexact ones. SQLite itself
 * enforces no length, but others that read the type do.
 */
export function typeRisks(column: string, from: string, to: string): readonly TypeRisk[] {
  const name = quoteIdentifier(column);
  const isText = `typeof(${name}) = 'text'`;
  const looksNumeric = `${name} GLOB '*[0-9]*' AND ${name} NOT GLOB '*[^0-9eE+.-]*'`;
  const risks: TypeRisk[] = [];
  const [before, after] = [affinityOf(from), affinityOf(to)];
  const isNumeric = after === "INTEGER" || after === "NUMERIC" || after === "REAL";
  if (isNumeric && (before === "TEXT" || before === "BLOB")) {
    risks.push({
      condition: `${isText} AND ${looksNumeric} AND CAST(CAST(${name} AS NUMERIC) AS TEXT) <> ${name}`,
      consequence: "looks like a number and loses its form, as '007' becomes 7",
    });
    risks.push({
      condition: `${isText} AND NOT (${looksNumeric})`,
      consequence: `is text that is no number, and stays text in a column of type ${to}`,
    });
  }
  if (after === "REAL" && before !== "REAL") {
    risks.push({
      condition: `typeof(${name}) = 'integer' AND CAST(CAST(${name} AS REAL) AS INTEGER) <> ${name}`,
      consequence: "is an integer too large to be exact as REAL",
    });
  }
  if (after === "TEXT" && before !== "TEXT") {
    risks.push({
      condition: `typeof(${name}) IN ('integer', 'real')`,
      consequence: "is a number and becomes text, which sorts and compares in another way",
    });
  }
  const length = lengthOf(to);
  if (after === "TEXT" && length !== undefined && length < (lengthOf(from) ?? Infinity)) {
    risks.push({
      condition: `length(${name}) > ${length}`,
      consequence: `is longer than ${length} characters, which SQLite lets pass and other readers may not`,
    });
  }
  return risks;
}

function lengthOf(type: string): number | undefined {
  const digits = /\(\s*(\d+)\s*\)/u.exec(type)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
