import type { Connection } from "../../driver/driver.ts";
import type { SqlValue, Statement } from "../../driver/statement.ts";
import type { DatabaseSchema, InspectedTable } from "../../schema/database-schema.ts";
import { isSameName } from "../../schema/table-definition.ts";
import { quoteIdentifier, quoteIdentifierList } from "../../sql/quote-identifier.ts";

/** Makes the rows of one database those of another with the same tables. Triggers do not see it. */
export async function copyRows(from: Connection, to: Connection, schema: DatabaseSchema): Promise<void> {
  const tables = listTables(schema);
  const inserts: Statement[] = [];
  for (const table of tables) inserts.push(...(await readInserts(from, table)));
  const statements: readonly Statement[] = [
    ...schema.triggers.map(({ name }) => ({ sql: `DROP TRIGGER ${quoteIdentifier(name)}` })),
    ...tables.map(({ name }) => ({ sql: `DELETE FROM ${quoteIdentifier(name)}` })),
    ...inserts,
    ...schema.triggers.map(({ sql }) => ({ sql })),
  ];
  if (statements.length > 0) await to.unit(statements, { foreignKeys: "suspended" });
}

/** As literals, so that each value keeps its type. */
async function readInserts(connection: Connection, table: InspectedTable): Promise<readonly Statement[]> {
  const columns = writableColumns(table);
  const [name, names] = [quoteIdentifier(table.name), quoteIdentifierList(columns)];
  const values = columns.map((column) => `quote(${quoteIdentifier(column)})`).join(", ");
  const { rows } = await connection.query({ sql: `SELECT ${values} FROM ${name}` });
  return rows.map((row) => ({ sql: `INSERT INTO ${name} ${names} VALUES (${row.map(String).join(", ")})` }));
}

/** The columns that a row is given, which the generated ones follow from. */
export function writableColumns({ columns }: InspectedTable): readonly string[] {
  return columns.filter(({ generated }) => generated === "no").map(({ name }) => name);
}

export interface RowsRequest {
  readonly left: Connection;
  readonly right: Connection;
  /** What both have, and no more. */
  readonly schema: DatabaseSchema;
  /** Milliseconds since 1970 at which the two began: a time since then may differ. */
  readonly since: number;
}

/** Compares the rows of two databases with the same tables: the tables that differ, by name. */
export async function compareRows({ left, right, schema, since }: RowsRequest): Promise<readonly string[]> {
  const different: string[] = [];
  for (const table of listTables(schema)) {
    const rows = [await readSorted(left, table, since), await readSorted(right, table, since)];
    if (rows[0] !== rows[1]) different.push(table.name);
  }
  return different;
}

async function readSorted(connection: Connection, table: InspectedTable, since: number): Promise<string> {
  const names = table.columns.map(({ name }) => quoteIdentifier(name));
  // A library reads another text where the bytes are not valid UTF-8.
  const bytes = (name: string): string => `iif(typeof(${name}) = 'text', hex(CAST(${name} AS BLOB)), NULL)`;
  const values = names.flatMap((name) => [`typeof(${name})`, name, bytes(name)]).join(", ");
  const { rows } = await connection.query({ sql: `SELECT ${values} FROM ${quoteIdentifier(table.name)}` });
  return rows
    .map((row) =>
      JSON.stringify(names.map((_, index) => showCell(row.slice(index * 3, index * 3 + 3), since))),
    )
    .toSorted()
    .join("\n");
}

/** What the clock has given since the start of the trial is the same as any other such time. */
function showCell([type, value = null, bytes]: readonly SqlValue[], since: number): string {
  if (isRecent(value, since)) return `${String(type)} now`;
  if (value instanceof Uint8Array) return `x${[...value].join(" ")}`;
  return `${String(type)} ${String(bytes ?? value)}`;
}

/** Whether a value is a time since a trial began, in milliseconds since 1970. */
export function isRecent(value: SqlValue, since: number): boolean {
  const time = readTime(value);
  // Seconds are cut off.
  return time !== undefined && time >= since - 1000 && time <= Date.now() + 1000;
}

/** The forms that SQLite's clock has: text in UTC, seconds, and the milliseconds of JavaScript. */
function readTime(value: SqlValue): number | undefined {
  if (typeof value === "number") return value > 1e11 ? value : value * 1000;
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/u.test(value)) return undefined;
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/u.test(value) ? value : `${value.replace(" ", "T")}Z`);
}

/** Tables that hold rows of their own. */
export function listTables({ tables }: DatabaseSchema): readonly InspectedTable[] {
  return tables.filter(({ kind }) => kind === "table");
}

/** The tables that both have and whose columns stand in another order, which no comparison of schemas minds. */
export function findReordered(left: DatabaseSchema, right: DatabaseSchema): readonly string[] {
  const order = ({ columns }: InspectedTable): string => columns.map(({ name }) => name).join("\n");
  return listTables(left).flatMap((table) => {
    const other = right.tables.find(({ name }) => isSameName(name, table.name));
    return other === undefined || order(other) === order(table) ? [] : [table.name];
  });
}
