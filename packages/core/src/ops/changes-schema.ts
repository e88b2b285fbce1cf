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
]);

/** Tells whether an operation can change what tables there are or what they look like. */
export function changesSchema(operation: Operation): boolean {
  if (operation.kind === "bulkInsert" || operation.kind === "require") return false;
  return operation.kind !== "execute" || !dataVerbs.has(classifyStatement(operation.sql).verb);
}
