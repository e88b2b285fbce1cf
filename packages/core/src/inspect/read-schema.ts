import type { Executor } from "../driver/driver.ts";
import type { SqlValue } from "../driver/statement.ts";
import type { ForeignKeyAction } from "../schema/constraint-definition.ts";
import type {
  DatabaseSchema,
  InspectedColumn,
  InspectedForeignKey,
  InspectedIndex,
  InspectedTable,
} from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

type Row = readonly SqlValue[];

/** Reads what the main database holds, with six queries whatever its size. */
export async function readSchema(executor: Executor): Promise<DatabaseSchema> {
  return buildSchema(await readAll(executor, schemaQueries));
}

/**
 * Makes a reader that remembers what it read last: as long as the texts in `sqlite_schema` are the same, from
 * which SQLite derives everything else, reading again is one query and gives the same object.
 */
export function createSchemaReader(): (executor: Executor) => Promise<DatabaseSchema> {
  let known: { readonly objects: readonly SchemaObject[]; readonly schema: DatabaseSchema } | undefined;
  return async (executor) => {
    const [first = "", ...further] = schemaQueries;
    const found = await readAll(executor, [first]);
    const objects = (found[0] ?? []).map(toObject);
    if (known !== undefined && haveSameTexts(known.objects, objects)) return known.schema;
    known = { objects, schema: buildSchema([...found, ...(await readAll(executor, further))]) };
    return known.schema;
  };
}

async function readAll(executor: Executor, queries: readonly string[]): Promise<readonly (readonly Row[])[]> {
  const answers: (readonly Row[])[] = [];
  for (const sql of queries) answers.push((await executor.query({ sql })).rows);
  return answers;
}

function haveSameTexts(before: readonly SchemaObject[], now: readonly SchemaObject[]): boolean {
  if (before.length !== now.length) return false;
  return now.every(({ type, name, table, sql }, index) => {
    const other = before[index];
    return other?.sql === sql && other.name === name && other.type === type && other.table === table;
  });
}

/**
 * Builds what the main database holds.
 *
 * @param answers the rows of each of `schemaQueries`.
 */
export function buildSchema(answers: readonly (readonly Row[])[]): DatabaseSchema {
  const [found = [], tables = [], ...details] = answers;
  const objects = found.map(toObject);
  const isTemporary = (row: Row): boolean => text(row[4]) === "temp";
  const kinds = toKinds(tables.filter((row) => !isTemporary(row)));
  const [columns = none, foreignKeys = none, indexColumns = none, indexes = none] = details.map(groupByTable);
  const sqlOf = new Map(objects.map((object) => [foldName(object.name), object.sql]));
  const of = (groups: ReadonlyMap<string, readonly Row[]>, name: string): readonly Row[] =>
    groups.get(foldName(name)) ?? [];
  return {
    tables: objects
      .filter(({ type, name }) => type === "table" && !isOwnedBySqlite(name))
      .map(({ name, sql }): InspectedTable => {
        const kind = kinds.get(foldName(name)) ?? ordinary;
        return {
          ...kind,
          name,
          sql: sql ?? "",
          columns: of(columns, name).map(toColumn),
          foreignKeys: toForeignKeys(of(foreignKeys, name)),
          indexes: of(indexes, name).map((row) => toIndex(row, sqlOf, indexColumns)),
        };
      }),
    triggers: objects
      .filter(({ type }) => type === "trigger")
      .map(({ name, table, sql }) => ({ name, table, sql: sql ?? "" })),
    views: objects.filter(({ type }) => type === "view").map(({ name, sql }) => ({ name, sql: sql ?? "" })),
    names: objects.map(({ name }) => name),
    temporary: tables
      .filter(isTemporary)
      .flatMap(([name]) => (isOwnedBySqlite(text(name)) ? [] : [text(name)])),
  };
}

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

/** @see https://sqlite.org/schematab.html */
const objectsSql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid";

function toObject([type, name, table, sql]: Row): SchemaObject {
  return {
    type: text(type),
    name: text(name),
    table: text(table),
    sql: sql === null ? null : text(sql),
  };
}

type TableKind = Pick<InspectedTable, "kind" | "strict" | "withoutRowid">;

const ordinary: TableKind = { kind: "table", strict: false, withoutRowid: false };

const kindsSql =
  "SELECT name, type, wr, strict, schema FROM pragma_table_list WHERE schema IN ('main', 'temp')";

function toKinds(found: readonly Row[]): ReadonlyMap<string, TableKind> {
  return new Map(
    found.map(([name, type, withoutRowid, strict]) => [
      foldName(text(name)),
      {
        kind: type === "virtual" || type === "shadow" ? type : "table",
        strict: Number(strict) === 1,
        withoutRowid: Number(withoutRowid) === 1,
      },
    ]),
  );
}

/** Only tables with pages of their own: asking a virtual table fails when its module is not there. */
const columnsSql = `SELECT s.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS c WHERE s.type = 'table' AND s.rootpage <> 0 ORDER BY s.rowid, c.cid`;

const foreignKeysSql = `SELECT s.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
FROM sqlite_schema AS s JOIN pragma_foreign_key_list(s.name) AS f WHERE s.type = 'table' AND s.rootpage <> 0 ORDER BY s.rowid, f.id, f.seq`;

const indexesSql = `SELECT s.name, i.name, i."unique", i.origin, i.partial
FROM sqlite_schema AS s JOIN pragma_index_list(s.name) AS i WHERE s.type = 'table' AND s.rootpage <> 0 ORDER BY s.rowid, i.seq DESC`;

const indexColumnsSql = `SELECT s.name, c.name, c."desc", c.coll
FROM sqlite_schema AS s JOIN pragma_index_xinfo(s.name) AS c WHERE s.type = 'index' AND c.key = 1 ORDER BY s.rowid, c.seqno`;

/** What has to be asked to know what the main database holds. */
export const schemaQueries: readonly string[] = [
  objectsSql,
  kindsSql,
  columnsSql,
  foreignKeysSql,
  indexColumnsSql,
  indexesSql,
];

const none: ReadonlyMap<string, readonly Row[]> = new Map();

function groupByTable(found: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(found, (row) => foldName(text(row[0])));
}

function text(value: SqlValue | undefined): string {
  return typeof value === "string" ? value : String(value ?? "");
}

/** @see https://sqlite.org/fileformat2.html#intschema */
function isOwnedBySqlite(name: string): boolean {
  return foldName(name).startsWith("sqlite_");
}

function toColumn([, name, type, notNull, value, primaryKey, hidden]: Row): InspectedColumn {
  const kind = Number(hidden);
  return {
    name: text(name),
    type: text(type),
    notNull: Number(notNull) === 1,
    default: value === null || value === undefined ? null : text(value),
    primaryKey: Number(primaryKey),
    generated: kind === 2 ? "virtual" : kind === 3 ? "stored" : "no",
  };
}

function toForeignKeys(found: readonly Row[]): readonly InspectedForeignKey[] {
  const keys = Map.groupBy(found, (row) => Number(row[1]));
  // SQLite numbers them backwards: the last one written is 0.
  return [...keys.values()].toReversed().map((parts): InspectedForeignKey => {
    const [, , table, , , onUpdate, onDelete] = parts[0] ?? [];
    const targets = parts.flatMap((part) => (part[4] === null ? [] : [text(part[4])]));
    return {
      columns: parts.map((part) => text(part[3])),
      table: text(table),
      references: targets.length === 0 ? undefined : targets,
      onDelete: toAction(onDelete),
      onUpdate: toAction(onUpdate),
    };
  });
}

const actions: readonly ForeignKeyAction[] = ["no action", "restrict", "set null", "set default", "cascade"];

function toAction(value: SqlValue | undefined): ForeignKeyAction {
  const name = text(value).toLowerCase();
  return actions.find((action) => action === name) ?? "no action";
}

function toIndex(
  [table, name, unique, origin, partial]: Row,
  sqlOf: ReadonlyMap<string, string | null>,
  columns: ReadonlyMap<string, readonly Row[]>,
): InspectedIndex {
  return {
    name: text(name),
    table: text(table),
    unique: Number(unique) === 1,
    partial: Number(partial) === 1,
    origin: origin === "u" ? "unique" : origin === "pk" ? "primaryKey" : "create",
    sql: sqlOf.get(foldName(text(name))) ?? null,
    columns: (columns.get(foldName(text(name))) ?? []).map(([, column, descending, collation]) => ({
      name: column === null || column === undefined ? null : text(column),
      descending: Number(descending) === 1,
      collation: text(collation),
    })),
  };
}
