import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { assertColumn } from "./assert-column.ts";
import type { KeyColumn } from "./constraint-definition.ts";
import {
  columnPrimaryKeyOf,
  foldName,
  isSameName,
  keyColumnOf,
  primaryKeyColumnsOf,
  primaryKeyOf,
  uniquesOf,
  type TableDefinition,
} from "./table-definition.ts";

const strictTypes: ReadonlySet<string> = new Set(["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"]);

/** Tells whether a STRICT table takes the type of a column (stricttables.html). */
export function isStrictType(type: string | undefined): boolean {
  return type !== undefined && strictTypes.has(type.toUpperCase());
}

/**
 * Refuses a table that SQLite would refuse whatever the database holds, or whose parts contradict each other.
 *
 * @throws {SKM_TABLE_DEFINITION}
 */
export function assertTable(table: TableDefinition): void {
  const columns = columnNames(table);
  for (const column of table.columns) assertColumn(column, table.name);
  if (table.columns.every((column) => column.generated !== undefined)) {
    throw invalidTable(
      table,
      "it has no column that is not generated",
      "add a column that is stored as given",
    );
  }
  assertPrimaryKey(table, columns);
  for (const { columns: names } of uniquesOf(table))
    assertKnown(table, columns, { names, where: "a unique" });
  assertForeignKeys(table, columns);
  if (table.strict === true) assertStrict(table);
}

function columnNames(table: TableDefinition): ReadonlySet<string> {
  if (table.columns.length === 0)
    throw invalidTable(table, "it has no columns", "give it at least one column");
  const names = new Set<string>();
  for (const { name } of table.columns) {
    const folded = foldName(name);
    if (names.has(folded)) {
      const hint = "rename one of them: SQLite ignores the case of ASCII letters";
      throw invalidTable(table, `two columns are named ${quoteForMessage(name)}`, hint);
    }
    names.add(folded);
  }
  return names;
}

function assertPrimaryKey(table: TableDefinition, columns: ReadonlySet<string>): void {
  const own = table.columns.filter((column) => columnPrimaryKeyOf(column) !== undefined);
  const key = primaryKeyOf(table);
  if (own.length + (key === undefined ? 0 : 1) > 1) {
    const hint = "name the columns of a composite key in the primaryKey of the table, and in no column";
    throw invalidTable(table, "it has more than one primary key", hint);
  }
  if (key !== undefined) assertKnown(table, columns, { names: key.columns, where: "the primary key" });
  const keyColumns = primaryKeyColumnsOf(table);
  if (table.withoutRowid === true && keyColumns.length === 0) {
    throw invalidTable(table, "it is WITHOUT ROWID and has no primary key", "add a primary key");
  }
  assertAutoincrement(table, keyColumns);
  assertKeyNullability(table, keyColumns);
  const generated = table.columns.find(
    (column) =>
      column.generated !== undefined && keyColumns.some((name) => foldName(name) === foldName(column.name)),
  );
  if (generated !== undefined) {
    const hint = "make the key a stored column, or use a unique index";
    throw invalidTable(
      table,
      `the primary key holds the generated column ${quoteForMessage(generated.name)}`,
      hint,
    );
  }
}

function assertAutoincrement(table: TableDefinition, keyColumns: readonly string[]): void {
  if (primaryKeyOf(table)?.autoincrement !== true) {
    const counts = table.columns.some((column) => columnPrimaryKeyOf(column)?.autoincrement === true);
    if (!counts) return;
  } else {
    const [name, ...more] = keyColumns;
    const column = table.columns.find((other) => foldName(other.name) === foldName(name ?? ""));
    if (more.length > 0 || column?.type?.toUpperCase() !== "INTEGER") {
      throw invalidTable(table, "AUTOINCREMENT needs a key of one INTEGER column", 'write type: "INTEGER"');
    }
  }
  if (table.withoutRowid === true) {
    throw invalidTable(table, "AUTOINCREMENT and WITHOUT ROWID exclude each other", "leave one of them out");
  }
}

/**
 * Only the key of an ordinary table can hold NULL (withoutrowid.html, stricttables.html); an INTEGER key of a
 * STRICT table is the rowid, for which NULL means the next free number.
 */
function assertKeyNullability(table: TableDefinition, keyColumns: readonly string[]): void {
  if (table.strict !== true && table.withoutRowid !== true) return;
  for (const column of table.columns) {
    const isKey = keyColumns.some((name) => isSameName(name, column.name));
    const isRowid =
      keyColumns.length === 1 && column.type?.toUpperCase() === "INTEGER" && table.withoutRowid !== true;
    if (!isKey || isRowid || column.nullable !== true) continue;
    const kind = table.withoutRowid === true ? "WITHOUT ROWID" : "STRICT";
    throw invalidTable(
      table,
      `it is ${kind} and the key column ${quoteForMessage(column.name)} is nullable`,
      "leave nullable out: the key of such a table never holds NULL",
    );
  }
}

function assertForeignKeys(table: TableDefinition, columns: ReadonlySet<string>): void {
  for (const key of table.foreignKeys ?? []) {
    assertKnown(table, columns, { names: key.columns, where: "a foreign key" });
    const targets = key.references.columns;
    if (targets !== undefined && targets.length !== key.columns.length) {
      const problem = `a foreign key has ${key.columns.length} columns and references ${targets.length}`;
      throw invalidTable(table, problem, "name as many referenced columns as columns");
    }
  }
}

interface NamedColumns {
  readonly names: readonly KeyColumn[];
  readonly where: string;
}

function assertKnown(
  table: TableDefinition,
  columns: ReadonlySet<string>,
  { names, where }: NamedColumns,
): void {
  if (names.length === 0) throw invalidTable(table, `${where} has no columns`, "name its columns");
  const seen = new Set<string>();
  for (const name of names.map((column) => keyColumnOf(column).column)) {
    const folded = foldName(name);
    if (!columns.has(folded)) {
      const hint = `the columns are ${table.columns.map((column) => column.name).join(", ")}`;
      throw invalidTable(table, `${where} names the unknown column ${quoteForMessage(name)}`, hint);
    }
    if (seen.has(folded)) {
      throw invalidTable(table, `${where} names the column ${quoteForMessage(name)} twice`, "name it once");
    }
    seen.add(folded);
  }
}

function assertStrict(table: TableDefinition): void {
  for (const { name, type } of table.columns) {
    if (strictTypes.has(type?.toUpperCase() ?? "")) continue;
    const found = type === undefined ? "no type" : `the type ${quoteForMessage(type, 60)}`;
    throw invalidTable(
      table,
      `it is STRICT and column ${quoteForMessage(name)} has ${found}`,
      `use one of ${[...strictTypes].join(", ")}`,
    );
  }
}

function invalidTable(table: TableDefinition, problem: string, hint: string): MigrationError {
  return new MigrationError(
    "SKM_TABLE_DEFINITION",
    `cannot define table ${quoteForMessage(table.name)}: ${problem}`,
    {
      details: { table: table.name, problem },
      hint,
    },
  );
}
