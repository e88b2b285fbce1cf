import type { DatabaseSchema } from "./database-schema.ts";

/** The statements that make a copy of a schema, without its rows. Shadow tables come with their virtual table. */
export function definitionTexts(schema: DatabaseSchema): readonly string[] {
  const tables = schema.tables.filter(({ kind }) => kind !== "shadow");
  return [
    ...tables.map(({ sql }) => sql),
    ...tables.flatMap(({ indexes }) => indexes.flatMap(({ sql }) => sql ?? [])),
    ...schema.views.map(({ sql }) => sql),
    ...schema.triggers.map(({ sql }) => sql),
  ];
}
