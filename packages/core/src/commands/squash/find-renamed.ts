import type { Operation } from "../../ops/operation.ts";
import { followColumn, followTable } from "../../run/follow-renames.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import { isSameName } from "../../schema/table-definition.ts";
import { classifyStatement } from "../../sql/classify-statement.ts";

/**
 * Finds what was there before operations and has another name after them: two schemas do not tell it from what
 * went and what came, and sample rows only where a table takes some.
 *
 * @returns one line each
 */
export function findRenamed({ tables }: DatabaseSchema, operations: readonly Operation[]): readonly string[] {
  const named = tables.flatMap(({ name, columns }) => {
    const now = followTable(name, operations);
    if (!isSameName(now, name)) return [`table "${name}" becomes "${now}"`];
    return columns.flatMap((column) => {
      const renamed = followColumn(name, column.name, operations);
      return isSameName(renamed, column.name) ? [] : [`column "${name}.${column.name}" becomes "${renamed}"`];
    });
  });
  return [...named, ...operations.flatMap((operation) => renameOfAuthor(operation) ?? [])];
}

/** What SQL of the author's renames is not followed; that it renames is enough. */
function renameOfAuthor(operation: Operation): string | undefined {
  if (operation.kind !== "execute" || classifyStatement(operation.sql).verb !== "ALTER") return undefined;
  return /\brename\b/iu.test(operation.sql) ? operation.sql.replaceAll(/\s+/gu, " ").trim() : undefined;
}
