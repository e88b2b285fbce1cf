import { normalTokens } from "../batch/same-sql.ts";
import type { Operation } from "../ops/operation.ts";
import { isSqlFragment } from "../schema/sql-fragment.ts";

/** What holds SQL text as a plain string. */
const sqlKeys: ReadonlySet<string> = new Set(["sql", "expression", "where", "body", "select"]);

/**
 * Writes operations in a form that stays the same when their source is laid out otherwise: keys are sorted, what
 * is absent is left out, and SQL is its tokens, without comments, white space, and the case and quotes of names.
 */
export function normalizeOperations(operations: readonly Operation[]): string {
  return operations.map((operation) => normalize(operation)).join("\n");
}

/** The tokens of an SQL text in one line. */
export function normalizeSql(sql: string): string {
  return normalTokens(sql).join(" ");
}

function normalize(value: unknown, key = ""): string {
  if (isSqlFragment(value)) return `sql(${JSON.stringify(normalizeSql(value.text))})`;
  if (typeof value === "string") return JSON.stringify(sqlKeys.has(key) ? normalizeSql(value) : value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `x'${[...value].map((byte) => byte.toString(16)).join(" ")}'`;
  if (Array.isArray(value)) return `[${value.map((item: unknown) => normalize(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => `${JSON.stringify(name)}:${normalize(item, name)}`);
  return `{${parts.join(",")}}`;
}
