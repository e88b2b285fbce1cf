import type Database from "better-sqlite3";
import { clausesOf } from "../../src/batch/constraint-clauses.ts";
import { isKeyword } from "../../src/sql/keywords.ts";
import { parseCreateTable } from "../../src/sql/parse-create-table.ts";
import { nextToken } from "../../src/sql/token.ts";
import { unquoteToken } from "../../src/sql/unquote-token.ts";

type Row = readonly unknown[];

/**
 * What a database holds, in a form that two databases share when no query can tell them apart: the SQL as
 * tokens, constraints wherever they are written, rows as a sorted list.
 */
export function readState(database: Database.Database) {
  const rows = (sql: string, ...values: readonly unknown[]): readonly Row[] =>
    database
      .prepare<unknown[], unknown[]>(sql)
      .raw()
      .all(...values);
  const objects = rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name");
  const kinds = new Map(
    rows("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").map(([name, type]) => [
      name,
      type,
    ]),
  );
  const tables = objects
    .filter(([type, name]) => type === "table" && !String(name).startsWith("sqlite_"))
    .filter(([, name]) => kinds.get(name) !== "shadow" && name !== "alembic_version")
    .map(([, name, , sql]) => [
      name,
      kinds.get(name) === "virtual" ? normalSql(String(sql)) : tableState(rows, String(name), String(sql)),
    ]);
  const texts = (kind: string) =>
    objects.filter(([type]) => type === kind).map(([, name, , sql]) => [name, normalSql(String(sql))]);
  const hasSequence = objects.some(([, name]) => name === "sqlite_sequence");
  return {
    tables: Object.fromEntries(tables),
    triggers: texts("trigger"),
    views: texts("view"),
    sequence: hasSequence ? rows("SELECT name, seq FROM sqlite_sequence ORDER BY name") : [],
  };
}

/** Columns, indexes of their own, clauses and options of one table. */
export function tableState(
  rows: (sql: string, ...values: readonly unknown[]) => readonly Row[],
  name: string,
  sql: string,
) {
  const text = parseCreateTable(sql);
  return {
    columns: rows(
      'SELECT name, upper(type), "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)',
      name,
    ).map(([column, type, notNull, value, key, hidden]) => [
      column,
      type,
      notNull,
      typeof value === "string" ? normalSql(value) : null,
      key,
      hidden,
    ]),
    indexes: rows(
      "SELECT i.name, i.\"unique\", s.sql FROM pragma_index_list(?) AS i JOIN sqlite_schema AS s ON s.name = i.name WHERE i.origin = 'c' ORDER BY i.name",
      name,
    ).map(([index, unique, indexSql]) => [index, unique, normalSql(String(indexSql))]),
    clauses: clausesOf(text)
      .flatMap(({ clause, columns }) => {
        if (clause.kind === "null" || clause.kind === "nameOnly" || clause.kind === "default") return [];
        const { start, end, ...facts } = clause;
        const expression =
          "expression" in facts ? { expression: normalSql(facts.expression), columns: undefined } : {};
        const plain = clause.kind === "notNull" || clause.kind === "collate" ? { columns } : {};
        const keys =
          "columns" in facts ? { columns: facts.columns ?? columns.map((column) => ({ column })) } : {};
        const fk = clause.kind === "foreignKey" ? { columns } : {};
        return end > start ? [JSON.stringify({ ...facts, ...expression, ...keys, ...plain, ...fk })] : [];
      })
      .toSorted(),
    strict: text.strict,
    withoutRowid: text.withoutRowid,
  };
}

/** Rows as the recorded states write them. */
export function readRows(
  database: Database.Database,
  table: string,
  volatile: readonly string[],
): readonly string[] {
  const statement = database
    .prepare<unknown[], unknown[]>(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
    .raw();
  const columns = statement.columns().map((column) => column.name);
  return statement
    .all()
    .map((row) =>
      JSON.stringify(
        row.map((value, index) => encode(value, volatile.includes(`${table}.${columns[index]}`))),
      ),
    )
    .toSorted();
}

export function encode(value: unknown, isVolatile = false): unknown {
  if (isVolatile && value !== null) return { $volatile: true };
  if (value instanceof Uint8Array) return { $blob: Buffer.from(value).toString("hex") };
  if (value === Infinity) return { $real: "inf" };
  return value;
}

/** SQL as tokens: one space between them, keywords in upper case, no needless quotes or outer parentheses. */
export function normalSql(sql: string): string {
  const words: string[] = [];
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    const raw = sql.slice(token.start, token.end);
    if (token.kind === "word") words.push(isKeyword(raw) ? raw.toUpperCase() : raw);
    else if (token.kind === "quoted") {
      const name = unquoteToken(sql, token);
      words.push(/^[a-z_]\w*$/iu.test(name) && !isKeyword(name) ? name : `"${name}"`);
    } else words.push(raw);
  }
  const text = words.join(" ");
  return stripOuter(text);
}

function stripOuter(text: string): string {
  if (!text.startsWith("( ") || !text.endsWith(" )")) return text;
  let depth = 0;
  const words = text.split(" ");
  for (const [index, word] of words.entries()) {
    if (word === "(") depth += 1;
    if (word === ")") depth -= 1;
    if (depth === 0 && index < words.length - 1) return text;
  }
  return stripOuter(text.slice(2, -2));
}
