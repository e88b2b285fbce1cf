import type { InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

/** Tables after those that their foreign keys refer to, as far as there is no circle; else in their own order. */
export function parentsFirst(tables: readonly InspectedTable[]): readonly InspectedTable[] {
  const byName = new Map(tables.map((table) => [foldName(table.name), table]));
  const ordered = new Set<InspectedTable>();
  const open = new Set<InspectedTable>();
  const visit = (table: InspectedTable): void => {
    if (open.has(table)) return;
    open.add(table);
    for (const parent of parentsOf(table)) {
      const found = byName.get(parent);
      if (found !== undefined) visit(found);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}

/** Folded names of the tables that a table refers to. */
export function parentsOf(table: InspectedTable): readonly string[] {
  return [...new Set(table.foreignKeys.map((key) => foldName(key.table)))];
}
