import type { DatabaseSchema } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import type { ComparedObject, DiffOptions } from "./diff-options.ts";

/** The part of a schema that is compared. Shadow tables belong to their virtual table. */
export function selectObjects(schema: DatabaseSchema, options: DiffOptions): DatabaseSchema {
  const patterns = (options.exclude ?? []).map(toPattern);
  const isIncluded = (object: ComparedObject): boolean =>
    !patterns.some(
      (pattern) => pattern.test(foldName(object.name)) || pattern.test(foldName(object.table)),
    ) &&
    (options.include?.(object) ?? true);
  return {
    ...schema,
    tables: schema.tables
      .filter(({ kind, name }) => kind !== "shadow" && isIncluded({ kind: "table", name, table: name }))
      .map((table) => ({
        ...table,
        indexes: table.indexes.filter(
          ({ name, sql }) => sql === null || isIncluded({ kind: "index", name, table: table.name }),
        ),
      })),
    triggers: schema.triggers.filter(({ name, table }) => isIncluded({ kind: "trigger", name, table })),
    views: schema.views.filter(({ name }) => isIncluded({ kind: "view", name, table: name })),
  };
}

/** A pattern with `*`; everything else stands for itself. */
function toPattern(name: string): RegExp {
  const parts = foldName(name)
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}
