import type { DatabaseSchema, InspectedForeignKey, InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";

/** A table whose rows an action of a foreign key deletes or changes when another table is dropped. */
export interface CascadeLink {
  readonly table: string;
  readonly action: "cascade" | "set null" | "set default";
  /** A query for one number: the rows that refer to a row of the table before it. */
  readonly count: string;
}

/**
 * What DROP TABLE does besides dropping while foreign keys are enforced: it deletes every row first, which
 * fires ON DELETE (foreignkeys.html#fk_schemacommands). Tables that lose rows pass it on to those that refer
 * to them; each table stands once, nearest first.
 */
export function cascadeLinks(schema: DatabaseSchema, dropped: string): readonly CascadeLink[] {
  const links: CascadeLink[] = [];
  const seen = new Set([foldName(dropped)]);
  const emptied = [dropped];
  for (const parent of emptied) {
    for (const table of schema.tables) {
      if (seen.has(foldName(table.name))) continue;
      const link = linkOf(schema, table, parent);
      if (link === undefined) continue;
      seen.add(foldName(table.name));
      links.push(link);
      if (link.action === "cascade") emptied.push(table.name);
    }
  }
  return links;
}

/** CASCADE counts for more than the other actions when a table refers to the same parent twice. */
function linkOf(schema: DatabaseSchema, table: InspectedTable, parent: string): CascadeLink | undefined {
  const keys = table.foreignKeys.flatMap((key) => {
    const references = isSameName(key.table, parent) ? referencesOf(schema, key) : undefined;
    return references === undefined ? [] : [{ ...key, references }];
  });
  const fires = (["cascade", "set null", "set default"] as const).flatMap((action) => {
    const found = keys.filter((key) => key.onDelete === action);
    return found.length === 0 ? [] : [{ action, found }];
  });
  const [first] = fires;
  if (first === undefined) return undefined;
  const conditions = fires.flatMap(({ found }) => found).map((key) => referring(table.name, parent, key));
  return {
    table: table.name,
    action: first.action,
    count: `SELECT count(*) FROM ${quoteIdentifier(table.name)} WHERE ${conditions.join(" OR ")}`,
  };
}

/** The parent stands on the left: its collation decides, as for the key itself (foreignkeys.html). */
function referring(
  child: string,
  parent: string,
  { columns, references }: Pick<InspectedForeignKey, "columns"> & { readonly references: readonly string[] },
): string {
  const [childName, parentName] = [quoteIdentifier(child), quoteIdentifier(parent)];
  const pairs = columns.map((column, index) => {
    const source = quoteIdentifier(references[index] ?? "");
    return `${parentName}.${source} = ${childName}.${quoteIdentifier(column)}`;
  });
  return `EXISTS (SELECT 1 FROM ${parentName} WHERE ${pairs.join(" AND ")})`;
}

/** `undefined` when the key fits no column of its parent: SQLite then refuses the DROP itself. */
function referencesOf({ tables }: DatabaseSchema, key: InspectedForeignKey): readonly string[] | undefined {
  const parent = tables.find((table) => isSameName(table.name, key.table));
  const primaryKey = parent?.columns
    .filter((column) => column.primaryKey > 0)
    .toSorted((a, b) => a.primaryKey - b.primaryKey)
    .map((column) => column.name);
  const references = key.references ?? primaryKey;
  const isKnown = references?.every((name) =>
    parent?.columns.some((column) => isSameName(column.name, name)),
  );
  return isKnown === true && references?.length === key.columns.length ? references : undefined;
}
