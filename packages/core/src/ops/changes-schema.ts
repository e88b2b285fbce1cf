import { classifyStatement } from "../sql/classify-statement.ts";
import type { Operation } from "./operation.ts";

const dataVerbs: ReadonlySet<string> = new Set([
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "REPLACE",
  "WITH",
  "VALUES",
  "EXPLAIN",
]);

/** Tells whether an operation can change what tables there are or what they look like. */
export function changesSchema(operation: Operation): boolean {
  if (operation.kind === "bulkInsert" || operation.kind === "require") return false;
  return operation.kind !== "execute" || definesSchema(operation.sql);
}

/** Tells whether a statement can; one that reads or writes rows cannot. */
export function definesSchema(sql: string): boolean {
  return !dataVerbs.has(classifyStatement(sql).verb);
}
