import { is, SQL } from "drizzle-orm";
import type { IndexColumn, IndexDefinition } from "@skillmeat/migrate-core";
import { columnSqlText } from "./sql-text.ts";
import type { TableConfig } from "./table-of.ts";

/** The indexes of a table. UNIQUE is one of them: `drizzle-kit` makes a unique index of it. */
export function indexesOf({
  name: table,
  columns,
  indexes,
  uniqueConstraints,
}: TableConfig): readonly IndexDefinition[] {
  return [
    ...columns.flatMap(({ name, isUnique, uniqueName }): readonly IndexDefinition[] =>
      isUnique
        ? [{ name: uniqueName ?? `${table}_${name}_unique`, table, columns: [name], unique: true }]
        : [],
    ),
    ...uniqueConstraints.map((constraint): IndexDefinition => {
      const names = constraint.columns.map((column) => column.name);
      return {
        name: constraint.getName() ?? `${table}_${names.join("_")}_unique`,
        table,
        columns: names,
        unique: true,
      };
    }),
    ...indexes.map(({ config }): IndexDefinition => ({
      name: config.name,
      table,
      columns: config.columns.map((column): IndexColumn =>
        is(column, SQL) ? { sql: columnSqlText(column) } : column.name,
      ),
      ...(config.unique ? { unique: true } : {}),
      ...(config.where === undefined ? {} : { where: columnSqlText(config.where) }),
    })),
  ];
}
