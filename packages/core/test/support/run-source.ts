import { sql, type Operations } from "@skillmeat/migrate-core";

/** Runs the statements of a revision's body, which have no types in them. */
export function runSource(op: Operations, source: string): void {
  // oxlint-disable-next-line typescript/no-implied-eval -- the source of a revision file is what is tested
  const body = new Function("op", "sql", source) as (op: Operations, tag: typeof sql) => void;
  body(op, sql);
}
