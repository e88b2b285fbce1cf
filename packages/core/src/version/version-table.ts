import type { SqlValue, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { buildReaderTable, type ReaderTable } from "./reader-table.ts";

/** The name that Alembic gives its version table, and so do we. */
export const defaultVersionTable = "alembic_version";

/** No revision can have this id: it begins with a character that ids may not contain. */
const settlingRow = "@settling";

/**
 * The statements that read and write one version table. The table is Alembic's, column for column, so
 * that either program can carry on where the other stopped.
 *
 * @see https://alembic.sqlalchemy.org/en/latest/api/runtime.html (version_table)
 */
export interface VersionTable {
  readonly name: string;
  readonly read: Statement;
  readonly create: Statement;
  /** What kind of object bears the name, and its columns: one row a column. */
  readonly describe: Statement;
  /**
   * Statements of one transaction that changes nothing and is written to the file all the same, see
   * `settleCommit`. A row comes and goes: an UPDATE to the same value writes no page when the table is empty
   * or the column has no index.
   */
  readonly touch: readonly Statement[];
  readonly insert: string;
  readonly update: string;
  readonly remove: string;
  /** Empties the table. */
  readonly clear: Statement;
  /** Beside it: which older code may open its heads. */
  readonly readers: ReaderTable;
}

/** @throws {MigrationError} SKM_IDENTIFIER with exit code 2 when the name cannot be a table's. */
export function buildVersionTable(name: string = defaultVersionTable): VersionTable {
  const table = quoteTableName(name);
  const constraint = quoteIdentifier(`${name}_pkc`);
  return Object.freeze({
    name,
    read: { sql: `SELECT version_num FROM ${table}` },
    create: {
      sql: `CREATE TABLE IF NOT EXISTS ${table} (\n    version_num VARCHAR(32) NOT NULL,\n    CONSTRAINT ${constraint} PRIMARY KEY (version_num)\n)`,
      comment: "version table",
    },
    describe: {
      sql: `SELECT iif(s.type = 'table' AND s.rootpage = 0, 'virtual table', s.type), c.name, c."notnull", c.dflt_value FROM sqlite_schema AS s LEFT JOIN pragma_table_info(s.name) AS c WHERE s.name = ? COLLATE NOCASE AND s.type IN ('table', 'view')`,
      params: [name],
    },
    touch: [
      { sql: `INSERT INTO ${table} (version_num) VALUES (?)`, params: [settlingRow] },
      { sql: `DELETE FROM ${table} WHERE version_num = ?`, params: [settlingRow] },
    ],
    insert: `INSERT INTO ${table} (version_num) VALUES (?)`,
    update: `UPDATE ${table} SET version_num = ? WHERE version_num = ?`,
    remove: `DELETE FROM ${table} WHERE version_num = ?`,
    clear: { sql: `DELETE FROM ${table}`, comment: "empty the version table" },
    readers: buildReaderTable(name, table),
  });
}

function quoteTableName(name: string): string {
  try {
    return quoteIdentifier(name);
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause;
    throw new MigrationError(cause.code, `versionTable: ${cause.message}`, { cause, exitCode: 2 });
  }
}

/** The comment of the statements that change version rows. */
export const versionRow = "version row";

/** Turns the version table from one set of heads into another, a row at a time, updating where it can. */
export function changeVersionRows(
  table: VersionTable,
  before: readonly string[],
  after: readonly string[],
): readonly Statement[] {
  const removed = before.filter((id) => !after.includes(id));
  const added = after.filter((id) => !before.includes(id));
  const comment = versionRow;
  const statements: Statement[] = [];
  const updates = Math.min(removed.length, added.length);
  for (const id of removed.slice(updates)) statements.push({ sql: table.remove, params: [id], comment });
  for (let index = 0; index < updates; index += 1) {
    statements.push({ sql: table.update, params: [added[index] ?? "", removed[index] ?? ""], comment });
  }
  for (const id of added.slice(updates)) statements.push({ sql: table.insert, params: [id], comment });
  return statements;
}

/**
 * Reads the rows as sorted revision ids.
 *
 * @throws {MigrationError} SKM_VERSION_SHAPE when a row is NULL, not text, empty or padded: no migration
 * tool writes that, and guessing what it means could run revisions twice.
 */
export function parseVersionRows(
  table: VersionTable,
  rows: readonly (readonly SqlValue[])[],
): readonly string[] {
  if (rows.length === 1) return [parseVersion(table, rows[0]?.[0])];
  return rows.map((row) => parseVersion(table, row[0])).toSorted();
}

function parseVersion(table: VersionTable, value: SqlValue | undefined): string {
  if (typeof value === "string" && value !== "" && value.trim() === value) return value;
  const found =
    value === null ? "NULL" : typeof value === "string" ? quoteForMessage(value) : storageClass(value);
  throw new MigrationError(
    "SKM_VERSION_SHAPE",
    `cannot read the version table ${quoteForMessage(table.name)}: version_num is ${found}, expected a revision id`,
    {
      details: { table: table.name, found },
      hint: "correct the row by hand, or set it anew with `stamp --purge <revision>`",
    },
  );
}

function storageClass(value: SqlValue | undefined): string {
  if (typeof value === "bigint" || typeof value === "number") return `the number ${value}`;
  return value instanceof Uint8Array ? `a BLOB of ${value.length} bytes` : "missing";
}

/**
 * Says why the object that bears the version table's name cannot serve, or `null` when it can or when
 * there is none yet.
 *
 * @param rows what `VersionTable.describe` answered.
 */
export function versionTableProblem(rows: readonly (readonly SqlValue[])[]): string | null {
  if (rows.length === 0) return null;
  const kind = rows[0]?.[0];
  if (kind !== "table") return `it is a ${String(kind)}`;
  if (!rows.some(([, name]) => name === "version_num")) return "it has no column version_num";
  const blocking = rows.find(
    ([, name, notNull, value]) => name !== "version_num" && notNull === 1 && value === null,
  );
  return blocking === undefined
    ? null
    : `its column ${quoteForMessage(blocking[1])} is NOT NULL without a default`;
}
