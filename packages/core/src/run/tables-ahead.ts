import type { Connection } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { buildSchema, schemaQueries } from "../inspect/read-schema.ts";
import { isMismatch } from "./foreign-key-check.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";

/** What a database is before a unit that is sent as one batch, read in one round trip when somebody asks. */
export interface TablesAhead {
  read(): Promise<DatabaseSchema>;
  /** The number of rows that break a foreign key. */
  countViolations(): Promise<number>;
  /** Fails, as plain SQL, unless the tables still are what was read; nothing where nothing was. */
  guards(): readonly Statement[];
}

/** The comment of the guard, by which its failure is recognised. */
export const expectedTables = "expected tables";

const violationsSql = "SELECT count(*) FROM pragma_foreign_key_check";

/** The text of all definitions but those of our own tables, which other runs may make or drop at any time. */
function textOf(own: readonly string[]): string {
  const names = own.map(() => "lower(?)").join(", ");
  return `(SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), char(10)) FROM (SELECT type, name, sql FROM sqlite_schema WHERE lower(tbl_name) NOT IN (${names}) ORDER BY rowid))`;
}

interface Ahead {
  readonly schema: DatabaseSchema;
  readonly violations: number;
  readonly guard: Statement;
}

export interface TablesAheadOptions {
  /** The names of our own tables. */
  readonly own: readonly string[];
  /** Whether rows that break a foreign key will be asked for: finding them reads every row. */
  readonly withViolations: boolean;
}

/**
 * Whoever changes a table between reading it and the unit, which no version row tells of, has the unit refused
 * instead of done to other tables than it was compiled for.
 */
export function createTablesAhead(connection: Connection, options: TablesAheadOptions): TablesAhead {
  const { own, withViolations } = options;
  let reading: Promise<Ahead> | undefined;
  let ahead: Ahead | undefined;
  const read = async (counted: string): Promise<Ahead> => {
    const queries: readonly Statement[] = [
      { sql: counted },
      { sql: `SELECT ${textOf(own)}`, params: own },
      ...schemaQueries.map((sql) => ({ sql })),
    ];
    const [violations, text, ...answers] = (await connection.unit(queries)).map(({ rows }) => rows);
    ahead = {
      schema: buildSchema(answers),
      violations: Number(violations?.[0]?.[0] ?? 0),
      guard: {
        sql: `SELECT CASE WHEN ${textOf(own)} IS NOT ? THEN json('the tables are not what they were') END`,
        params: [...own, text?.[0]?.[0] ?? null],
        comment: expectedTables,
      },
    };
    return ahead;
  };
  const readAll = async (): Promise<Ahead> => {
    if (!withViolations) return await read("SELECT 0");
    try {
      return await read(violationsSql);
    } catch (error) {
      if (!isMismatch(error)) throw error;
      // A key that fits no key of its parent is one violation at least.
      return await read("SELECT 1");
    }
  };
  const once = async (): Promise<Ahead> => await (reading ??= readAll());
  return {
    read: async () => (await once()).schema,
    countViolations: async () => (await once()).violations,
    guards: () => (ahead === undefined ? [] : [ahead.guard]),
  };
}
