import type { Executor } from "../driver/driver.ts";
import type { SqlValue, Statement } from "../driver/statement.ts";
import type { HeadReaders } from "../revision/head-readers.ts";

/**
 * The table that says which older code may open a database. It is there only where a revision has something to
 * say about that: other databases stay as Alembic makes them.
 */
export const readerTableName = "skillmeat_readers";

/** The statements that read and write who may open the heads of one version table. */
export interface ReaderTable {
  readonly create: Statement;
  readonly exists: Statement;
  /** Each current head with what is said about it. */
  readonly read: Statement;
  /** Replaces what is said: each head of the transaction has one row, and no other revision has any. */
  write(records: readonly HeadReaders[]): readonly Statement[];
}

/** @param versionTable its quoted name is `quoted` */
export function buildReaderTable(versionTable: string, quoted: string): ReaderTable {
  const comment = "readers";
  return Object.freeze({
    create: {
      sql: `CREATE TABLE IF NOT EXISTS ${readerTableName} (
    version_table TEXT NOT NULL COLLATE NOCASE,
    revision TEXT NOT NULL,
    minimum_readers TEXT NOT NULL,
    readers TEXT NOT NULL,
    PRIMARY KEY (version_table, revision)
)`,
      comment,
    },
    exists: {
      sql: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
      params: [readerTableName],
    },
    // One statement: what is said must be about the heads of the same moment.
    read: {
      sql: `SELECT v.version_num, r.minimum_readers, r.readers FROM ${quoted} AS v LEFT JOIN ${readerTableName} AS r ON r.version_table = ? AND r.revision = v.version_num`,
      params: [versionTable],
    },
    write: (records: readonly HeadReaders[]) => [
      {
        sql: `DELETE FROM ${readerTableName} WHERE version_table = ?`,
        params: [versionTable],
        comment,
      },
      ...records.map(({ revision, minimumReaders, readers }) => ({
        sql: `INSERT INTO ${readerTableName} (version_table, revision, minimum_readers, readers) VALUES (?, ?, ?, ?)`,
        params: [versionTable, revision, JSON.stringify(minimumReaders), JSON.stringify(readers)],
        comment,
      })),
    ],
  });
}

/** The current heads, sorted, and what is said about them. */
export interface ToldHeads {
  readonly heads: readonly string[];
  readonly records: readonly HeadReaders[];
}

/** Reads what a database says about its heads; `null` where it has no table for that. Writes nothing. */
export async function readHeadReaders(
  executor: Executor,
  { exists, read }: ReaderTable,
): Promise<ToldHeads | null> {
  if ((await executor.query(exists)).rows.length === 0) return null;
  const { rows } = await executor.query(read);
  return {
    heads: rows.map(([head]) => String(head)).toSorted(),
    records: rows.flatMap((row) => parseRow(row) ?? []),
  };
}

/** A row that another program has damaged says nothing, and its head counts as unknown. */
function parseRow([revision, minimum, readers]: readonly SqlValue[]): HeadReaders | undefined {
  const minimumReaders = parseIds(minimum);
  const between = parseIds(readers);
  if (typeof revision !== "string" || minimumReaders === undefined || between === undefined) return undefined;
  // Without one, any code at all might open it.
  if (minimumReaders.length === 0) return undefined;
  return { revision, minimumReaders, readers: between };
}

function parseIds(value: SqlValue | undefined): readonly string[] | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const ids: unknown = JSON.parse(value);
    const isList = Array.isArray(ids) && ids.every((id): id is string => typeof id === "string");
    return isList ? ids : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
