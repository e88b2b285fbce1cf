import type { Executor } from "../driver/driver.ts";
import type { SqlValue, Statement } from "../driver/statement.ts";
import type { ForeignKeyAction } from "../schema/constraint-definition.ts";
import type {
  DatabaseSchema,
  InspectedColumn,
  InspectedForeignKey,
  InspectedIndex,
  InspectedTable,
} from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

export type Row = readonly SqlValue[];

/** Reads what the main database holds, with six queries whatever its size. */
export async function readSchema(executor: Executor): Promise<DatabaseSchema> {
  return buildSchema(
    await readAll(
      executor,
      schemaQueries.map((sql) => ({ sql })),
    ),
  );
}

export async function readAll(
  executor: Executor,
  queries: readonly Statement[],
): Promise<readonly (readonly Row[])[]> {
  const answers: (readonly Row[])[] = [];
  for (const query of queries) answers.push((await executor.query(query)).rows);
  return answers;
}

/**
 * Builds what the main database holds.
 *
 * @param answers the rows of each of `schemaQueries`.
 * @param findKnown a table that has been read before, whose columns and indexes are not among the answers
 */
export function buildSchema(
  answers: readonly (readonly Row[])[],
  findKnown: (name: string) => InspectedTable | undefined = () => undefined,
): DatabaseSchema {
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
        const known = findKnown(name);
        if (known !== undefined) return known.kind === kind.kind ? known : { ...known, ...kind };
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

export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

/** @see https://sqlite.org/schematab.html */
export const objectsSql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid";

export function toObject([type, name, table, sql]: Row): SchemaObject {
  return {
    type: text(type),
    name: text(name),
    table: text(table),
    sql: sql === null ? null : text(sql),
  };
}

type TableKind = Pick<InspectedTable, "kind" | "strict" | "withoutRowid">;

const ordinary: TableKind = { kind: "table", strict: false, withoutRowid: false };

export const kindsSql =
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

/** A query without its order, so that a condition can follow. */
interface DetailQuery {
  readonly select: string;
  readonly order: string;
}

/** Only tables with pages of their own: asking a virtual table fails when its module is not there. */
const tablesOf = "FROM sqlite_schema AS s JOIN";
const ofTables = "WHERE s.type = 'table' AND s.rootpage <> 0";

const columnsQuery: DetailQuery = {
  select: `SELECT s.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
${tablesOf} pragma_table_xinfo(s.name) AS c ${ofTables}`,
  order: "ORDER BY s.rowid, c.cid",
};

const foreignKeysQuery: DetailQuery = {
  select: `SELECT s.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
${tablesOf} pragma_foreign_key_list(s.name) AS f ${ofTables}`,
  order: "ORDER BY s.rowid, f.id, f.seq",
};

const indexesQuery: DetailQuery = {
  select: `SELECT s.name, i.name, i."unique", i.origin, i.partial
${tablesOf} pragma_index_list(s.name) AS i ${ofTables}`,
  order: "ORDER BY s.rowid, i.seq DESC",
};

const indexColumnsQuery: DetailQuery = {
  select: `SELECT s.name, c.name, c."desc", c.coll
${tablesOf} pragma_index_xinfo(s.name) AS c WHERE s.type = 'index' AND c.key = 1`,
  order: "ORDER BY s.rowid, c.seqno",
};

const detailQueries = [columnsQuery, foreignKeysQuery, indexColumnsQuery, indexesQuery];

/** What has to be asked about tables and their indexes: all of them, or those with certain names. */
export function tableQueries(names?: readonly string[]): readonly Statement[] {
  if (names === undefined) return detailQueries.map(({ select, order }) => ({ sql: `${select} ${order}` }));
  const params = [JSON.stringify(names)];
  return detailQueries.map(({ select, order }) => ({
    sql: `${select} AND s.tbl_name IN (SELECT value FROM json_each(?)) ${order}`,
    params,
  }));
}

/** What has to be asked to know what the main database holds. */
export const schemaQueries: readonly string[] = [
  objectsSql,
  kindsSql,
  ...tableQueries().map(({ sql }) => sql),
];

const none: ReadonlyMap<string, readonly Row[]> = new Map();

function groupByTable(found: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(found, (row) => foldName(text(row[0])));
}

function text(value: SqlValue | undefined): string {
  return typeof value === "string" ? value : String(value ?? "");
}

/** @see https://sqlite.org/fileformat2.html#intschema */
export function isOwnedBySqlite(name: string): boolean {
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
