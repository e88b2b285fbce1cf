import { dependentsOf, withSiblings } from "../../batch/find-dependents.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import type { DatabaseSchema, InspectedTable } from "../../schema/database-schema.ts";
import { foldName, isSameName } from "../../schema/table-definition.ts";
import { nextToken } from "../../sql/token.ts";
import { unquoteToken } from "../../sql/unquote-token.ts";
import { renderLiteral } from "../../sql/render-literal.ts";
import { check, type ScriptCheck } from "./script-part.ts";

/** What a chunk of a script does to the schema as a whole. */
export interface SchemaChange {
  readonly before: DatabaseSchema;
  readonly after: DatabaseSchema;
  /** An operation says IF NOT EXISTS: what it creates may be there. */
  readonly mayExist: boolean;
}

/**
 * The table of a rebuild must be, with its indexes, triggers and all that mentions it, what the revisions
 * made of it: the script replaces all of these by the texts that it brings. Only whether its name is quoted does
 * not count: a rebuild ends with a rename, after which SQLite quotes it, so that a database that was taken back has
 * `CREATE TABLE "t"` where one that never was further has `CREATE TABLE t`.
 */
export function tableCheck(schema: DatabaseSchema, table: string): ScriptCheck {
  const { views, triggers } = dependentsOf(schema, table);
  const own = schema.tables.find(({ name }) => isSameName(name, table));
  const dependents = [...views, ...withSiblings(schema, triggers)];
  const texts = new Set([
    ...(own === undefined ? [] : [own.sql, ...own.indexes.flatMap(({ sql }) => sql ?? [])]),
    ...schema.triggers.filter((trigger) => isSameName(trigger.table, table)).map(({ sql }) => sql),
    ...dependents.map(({ sql }) => sql),
  ]);
  const accepted = [...texts].flatMap((text) => (text === own?.sql ? quotedOrNot(text) : [text]));
  const names = dependents.map(({ name }) => foldName(name));
  const where = [
    `lower(tbl_name) = ${renderLiteral(foldName(table))}`,
    ...(names.length === 0 ? [] : [`lower(name) IN (${literals(names)})`]),
  ].join(" OR ");
  return check(
    `table ${quoteForMessage(table)}, its indexes, its triggers and what mentions it are as the revisions made them`,
    `(SELECT count(*) = ${texts.size} AND sum(sql IN (${literals(accepted)})) = ${texts.size} FROM sqlite_schema WHERE sql IS NOT NULL AND (${where}))`,
  );
}

/** The text of a table as it is, and with its name in quotes. */
function quotedOrNot(sql: string): readonly string[] {
  const create = nextToken(sql, 0);
  const table = create === undefined ? undefined : nextToken(sql, create.end);
  const name = table === undefined ? undefined : nextToken(sql, table.end);
  if (name === undefined) return [sql];
  const quoted = `"${unquoteToken(sql, name).replaceAll('"', '""')}"`;
  return [...new Set([sql, sql.slice(0, name.start) + quoted + sql.slice(name.end)])];
}

/** What is going to be created must not be there yet. */
export function startChecks({ before, after, mayExist }: SchemaChange): readonly ScriptCheck[] {
  const created = missingIn(before, after);
  if (mayExist || created.length === 0) return [];
  return [
    check("nothing that the revisions create is there yet", `NOT EXISTS (${selectObjects("1", created)})`),
  ];
}

/** What was created, dropped or changed must look like it, or a statement has failed. */
export function endConditions({ before, after }: SchemaChange): readonly string[] {
  const created = missingIn(before, after);
  const dropped = missingIn(after, before);
  return [
    ...(created.length === 0 ? [] : [`(${selectObjects("count(*)", created)}) = ${created.length}`]),
    ...(dropped.length === 0 ? [] : [`NOT EXISTS (${selectObjects("1", dropped)})`]),
    ...after.tables.flatMap((table) => {
      const old = before.tables.find(({ name }) => isSameName(name, table.name));
      return old === undefined ? sameColumns(table) : columnConditions(old, table);
    }),
  ];
}

/** Virtual tables apart: which columns they have is up to their module. */
function sameColumns({ name, kind, columns }: InspectedTable): readonly string[] {
  if (kind !== "table") return [];
  const names = literals(columns.map((column) => foldName(column.name)));
  const { length } = columns;
  return [
    `(SELECT count(*) = ${length} AND sum(lower(name) IN (${names})) = ${length} FROM pragma_table_xinfo(${renderLiteral(name)}))`,
  ];
}

function columnConditions(before: InspectedTable, after: InspectedTable): readonly string[] {
  const has = (table: InspectedTable, column: string): boolean =>
    table.columns.some(({ name }) => isSameName(name, column));
  const added = after.columns.flatMap(({ name }) => (has(before, name) ? [] : foldName(name)));
  const gone = before.columns.flatMap(({ name }) => (has(after, name) ? [] : foldName(name)));
  const select = (what: string, names: readonly string[]): string =>
    `SELECT ${what} FROM pragma_table_xinfo(${renderLiteral(after.name)}) WHERE lower(name) IN (${literals(names)})`;
  return [
    ...(added.length === 0 ? [] : [`(${select("count(*)", added)}) = ${added.length}`]),
    ...(gone.length === 0 ? [] : [`NOT EXISTS (${select("1", gone)})`]),
  ];
}

/** `"type name"` of each object that the second schema has and the first has not. */
function missingIn(first: DatabaseSchema, second: DatabaseSchema): readonly string[] {
  const known = new Set(objectsOf(first));
  return objectsOf(second).filter((object) => !known.has(object));
}

function objectsOf({ tables, views, triggers }: DatabaseSchema): readonly string[] {
  const indexes = tables.flatMap((table) => table.indexes.filter(({ sql }) => sql !== null));
  const named = (type: string) => (object: { readonly name: string }) => `${type} ${foldName(object.name)}`;
  return [
    ...tables.filter(({ kind }) => kind !== "shadow").map(named("table")),
    ...indexes.map(named("index")),
    ...views.map(named("view")),
    ...triggers.map(named("trigger")),
  ];
}

const selectObjects = (what: string, objects: readonly string[]): string =>
  `SELECT ${what} FROM sqlite_schema WHERE type || ' ' || lower(name) IN (${literals(objects)})`;

const literals = (texts: readonly string[]): string => texts.map(renderLiteral).join(", ");
