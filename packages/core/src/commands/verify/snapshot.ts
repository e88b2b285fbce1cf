import { DriverError } from "../../driver/driver-error.ts";
import type { Connection } from "../../driver/driver.ts";
import { readSchema } from "../../inspect/read-schema.ts";
import { describeOperation } from "../../ops/describe.ts";
import { readContents, type Contents } from "../../run/data-loss.ts";
import type { DatabaseSchema } from "../../schema/database-schema.ts";
import { isSameName } from "../../schema/table-definition.ts";
import { readerTableName } from "../../version/reader-table.ts";
import { compareSchemas } from "../compare-defaults.ts";
import type { ScratchOptions } from "../scratch.ts";

/** What a database is at one moment. */
export interface Snapshot {
  /** Without the version table and what stands beside it. */
  readonly schema: DatabaseSchema;
  readonly contents: Contents;
}

export async function takeSnapshot(connection: Connection, versionTable: string): Promise<Snapshot> {
  const schema = await readSchema(connection);
  const tables = schema.tables.filter(
    ({ name }) => !isSameName(name, versionTable) && !isSameName(name, readerTableName),
  );
  return { schema: { ...schema, tables }, contents: await readContents(connection, versionTable) };
}

/** What is another way than it should be, a line each, as what would have to be done to make it so. */
export async function describeDifferences(
  found: DatabaseSchema,
  expected: DatabaseSchema,
  scratch: ScratchOptions,
): Promise<readonly string[]> {
  const { operations } = await compareSchemas({ from: found, to: expected }, {}, scratch);
  return operations.map(describeOperation);
}

/** Damage, rows that break a foreign key, and foreign keys that fit no table, a line each. */
export async function readHealth(connection: Connection): Promise<readonly string[]> {
  const integrity = await connection.query({ sql: "SELECT integrity_check FROM pragma_integrity_check" });
  const lines = integrity.rows.map(([line]) => String(line)).filter((line) => line !== "ok");
  return [...lines, ...(await readForeignKeys(connection))];
}

async function readForeignKeys(connection: Connection): Promise<readonly string[]> {
  try {
    const { rows } = await connection.query({
      sql: 'SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 20',
    });
    return rows.map(
      ([table, rowid, parent]) =>
        `row ${String(rowid)} of "${String(table)}" refers to a missing row of "${String(parent)}"`,
    );
  } catch (error) {
    // A key whose columns are not unique in its parent (foreignkeys.html#fk_indexes).
    if (error instanceof DriverError && error.kind === "sql") return [error.message];
    throw error;
  }
}
