import { DriverError } from "../../driver/driver-error.ts";
import type { Connection } from "../../driver/driver.ts";
import { affinityOf } from "../../sql/type-affinity.ts";
import type { DatabaseSchema, InspectedColumn, InspectedTable } from "../../schema/database-schema.ts";
import { isSameName } from "../../schema/table-definition.ts";
import { quoteIdentifier, quoteIdentifierList } from "../../sql/quote-identifier.ts";
import { renderLiteral } from "../../sql/render-literal.ts";

const rowsInTable = 2;

/**
 * Puts two rows into each table that has none, as far as its constraints let us: values are guessed from
 * types, foreign keys and the first text of a CHECK … IN. A table that takes none of them stays empty.
 *
 * @returns the names of those that are empty.
 */
export async function fillTables(connection: Connection, schema: DatabaseSchema): Promise<readonly string[]> {
  let open = schema.tables.filter(({ kind }) => kind === "table");
  for (let before = -1; before !== open.length;) {
    before = open.length;
    const left: InspectedTable[] = [];
    // A table whose parents are still empty takes rows in a later round.
    for (const table of open) if (!(await fillTable(connection, schema, table))) left.push(table);
    open = left;
  }
  return open.map(({ name }) => name);
}

/** Deletes all rows, for a revision that does not work with ours. */
export async function emptyTables(connection: Connection, schema: DatabaseSchema): Promise<void> {
  const tables = schema.tables.filter(({ kind }) => kind === "table");
  const statements = tables.map(({ name }) => ({ sql: `DELETE FROM ${quoteIdentifier(name)}` }));
  if (statements.length > 0) await connection.unit(statements, { foreignKeys: "suspended" });
}

async function fillTable(
  connection: Connection,
  schema: DatabaseSchema,
  table: InspectedTable,
): Promise<boolean> {
  const { rows } = await connection.query({
    sql: `SELECT count(*) FROM ${quoteIdentifier(table.name)}`,
  });
  if (Number(rows[0]?.[0]) > 0) return true;
  for (let number = 1; number <= rowsInTable; number += 1) {
    const isIn = await insertSample(connection, attempts(schema, table, number));
    if (!isIn) return number > 1;
  }
  return true;
}

async function insertSample(connection: Connection, statements: readonly string[]): Promise<boolean> {
  for (const sql of statements) {
    try {
      await connection.query({ sql });
      return true;
    } catch (error) {
      // A constraint, or a trigger that refuses: try the next guess.
      if (!(error instanceof DriverError) || (error.kind !== "constraint" && error.kind !== "sql"))
        throw error;
    }
  }
  return false;
}

/** Every column, else those that need a value; with values of our own, else with those that a CHECK names. */
function attempts(schema: DatabaseSchema, table: InspectedTable, number: number): readonly string[] {
  const all = table.columns.filter(({ generated }) => generated === "no");
  const needed = all.filter((column) => needsValue(table, column));
  return [true, false].flatMap((listed) =>
    [all, needed].map((columns) => {
      const values = columns.map((column) => sampleValue({ schema, table, number, listed }, column));
      const name = quoteIdentifier(table.name);
      if (columns.length === 0) return `INSERT INTO ${name} DEFAULT VALUES`;
      const names = quoteIdentifierList(columns.map((column) => column.name));
      return `INSERT INTO ${name} ${names} VALUES (${values.join(", ")})`;
    }),
  );
}

function needsValue(table: InspectedTable, column: InspectedColumn): boolean {
  const isKey = column.primaryKey > 0;
  const refers = table.foreignKeys.some((key) => key.columns.some((name) => isSameName(name, column.name)));
  return isKey || refers || (column.notNull && column.default === null);
}

interface SampleContext {
  readonly schema: DatabaseSchema;
  readonly table: InspectedTable;
  /** 1 for the first row. */
  readonly number: number;
  /** Take the values that a CHECK lists. */
  readonly listed: boolean;
}

function sampleValue(context: SampleContext, column: InspectedColumn): string {
  const { table, number, listed } = context;
  const parent = parentValue(context, column);
  if (parent !== undefined) return parent;
  const word = listed ? listedWord(table.sql, column.name) : undefined;
  if (word !== undefined) return word;
  if (/bool/iu.test(column.type)) return String(number % 2);
  if (/date|time/iu.test(column.type)) return renderLiteral(`2025-01-0${number} 12:00:00`);
  if (/json/iu.test(`${column.type} ${column.name}`)) return renderLiteral("{}");
  switch (affinityOf(column.type)) {
    case "INTEGER":
    case "NUMERIC":
      return String(number);
    case "REAL":
      return `${number}.5`;
    case "BLOB":
      return column.type === "" ? renderLiteral(`sample ${number}`) : `X'0${number}'`;
    case "TEXT":
      return renderLiteral(`sample ${number}`);
  }
}

function parentValue({ schema, table, number }: SampleContext, column: InspectedColumn): string | undefined {
  for (const key of table.foreignKeys) {
    const position = key.columns.findIndex((name) => isSameName(name, column.name));
    if (position === -1) continue;
    if (isSameName(key.table, table.name)) return column.notNull ? undefined : "NULL";
    const parent = schema.tables.find(({ name }) => isSameName(name, key.table));
    const keyColumns = parent?.columns.filter(({ primaryKey }) => primaryKey > 0) ?? [];
    const references =
      key.references ?? keyColumns.toSorted((a, b) => a.primaryKey - b.primaryKey).map(({ name }) => name);
    const target = references[position];
    if (parent === undefined || target === undefined) continue;
    return `(SELECT ${quoteIdentifier(target)} FROM ${quoteIdentifier(parent.name)} LIMIT 1 OFFSET ${number - 1})`;
  }
  return undefined;
}

/** The first text in `column IN ('…', …)`. */
function listedWord(sql: string, column: string): string | undefined {
  const name = column.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return new RegExp(String.raw`\b${name}["\x60\]]?\s+IN\s*\(\s*('(?:[^']|'')*'|\d+)`, "iu").exec(sql)?.[1];
}
