import type { Executor } from "../driver/driver.ts";
import { foldName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";

/** A tool whose bookkeeping was found in a database. */
export interface FoundTool {
  readonly tool: string;
  readonly table: string;
  /** How many migrations it says are applied, and the newest of them; `null` where its table is another one. */
  readonly applied: number | null;
  readonly last: string | null;
  /** Migrations that it says have begun and not ended well. */
  readonly unfinished: number;
}

interface ToolTable {
  readonly tool: string;
  readonly table: string;
  /** Tables that belong to it. */
  readonly more?: readonly string[];
  /** The name of a migration, what orders them, and which rows count. */
  readonly name: string;
  readonly order: string;
  readonly applied?: string;
}

/**
 * Where other tools keep what they have applied, as their sources write it: drizzle-orm `sqlite-core/dialect.ts`,
 * Prisma's schema engine, knex `migrations/migrate/table-creator.js`, kysely `migration/migrator.ts`, wrangler
 * `d1/migrations`.
 */
const tools: readonly ToolTable[] = [
  { tool: "Drizzle", table: "__drizzle_migrations", name: "hash", order: "created_at" },
  {
    tool: "Prisma Migrate",
    table: "_prisma_migrations",
    name: "migration_name",
    order: "started_at",
    applied: "finished_at IS NOT NULL AND rolled_back_at IS NULL",
  },
  { tool: "Knex", table: "knex_migrations", more: ["knex_migrations_lock"], name: "name", order: "id" },
  {
    tool: "Kysely",
    table: "kysely_migration",
    more: ["kysely_migration_lock"],
    name: "name",
    order: "timestamp",
  },
  {
    tool: "Wrangler D1",
    table: "d1_migrations",
    more: ["_cf_KV", "_cf_METADATA"],
    name: "name",
    order: "id",
  },
];

/** The tables of other tools, which are no part of the schema that revisions make. */
export const toolTables: readonly string[] = tools.flatMap(({ table, more = [] }) => [table, ...more]);

/** Finds out which other tools have kept books in a database. Their tables are only read. */
export async function findTools(
  executor: Executor,
  tables: readonly string[],
): Promise<readonly FoundTool[]> {
  const names = new Set(tables.map(foldName));
  const found: FoundTool[] = [];
  for (const tool of tools) {
    if (names.has(foldName(tool.table))) found.push(await readTool(executor, tool));
  }
  return found;
}

async function readTool(executor: Executor, known: ToolTable): Promise<FoundTool> {
  const { tool, table, name, order, applied = "1" } = known;
  const { rows: columns } = await executor.query({
    sql: "SELECT lower(name) FROM pragma_table_info(?)",
    params: [table],
  });
  const isKnown = [name, order].every((column) => columns.some(([found]) => found === column));
  if (!isKnown) return { tool, table, applied: null, last: null, unfinished: 0 };
  const from = `FROM ${quoteIdentifier(table)}`;
  const { rows } = await executor.query({
    sql: `SELECT count(*), (SELECT ${name} ${from} WHERE ${applied} ORDER BY ${order} DESC LIMIT 1), (SELECT count(*) ${from} WHERE NOT (${applied})) ${from} WHERE ${applied}`,
  });
  const [count, last, unfinished] = rows[0] ?? [];
  return {
    tool,
    table,
    applied: Number(count),
    last: last === null || last === undefined ? null : String(last),
    unfinished: Number(unfinished),
  };
}
