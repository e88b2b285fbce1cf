import type { Connection, Driver } from "../driver/driver.ts";
import type { Statement } from "../driver/statement.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Operation } from "../ops/operation.ts";
import { tableOf, type TableSize } from "../plan/operation-effect.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { droppedTableOf } from "../sql/dropped-table-of.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { createForesight, type Foresight } from "./foresight.ts";

/** Where a plan asks what there is: a connection, or the transaction of a run. */
export type PlanSource = Pick<Connection, "query" | "capabilities">;

/** What a plan knows of the database: what is there now, as far as no operation before has changed it. */
export interface PlanKnowledge {
  readonly connection: PlanSource | undefined;
  /** Whether foreign keys will be enforced while the revisions run. */
  readonly foreignKeys: "enforced" | "suspended";
  /** What the tables will be when it is the turn of the next operation. */
  readonly foresight: Foresight;
  /** The table as it is, `undefined` when there is none or an operation before concerns it. */
  table(name: string): Promise<InspectedTable | undefined>;
  schema(): Promise<DatabaseSchema>;
  /** Rows and bytes of a table that {@link PlanKnowledge.table} knows. */
  size(name: string): Promise<TableSize>;
  /** The answer to a question for one number. */
  count(sql: string): Promise<number>;
  /** Notes what an operation changes, so that nothing is said about tables that will be others. */
  pass(operation: Operation, statements: readonly Statement[] | undefined): void;
  /** Notes that operations follow which nobody knows. */
  lose(): void;
}

export interface PlanKnowledgeOptions {
  readonly connection: PlanSource | undefined;
  readonly foreignKeys: PlanKnowledge["foreignKeys"];
  /** Makes a database in memory with each connection. */
  readonly scratch?: Driver | undefined;
  /** The database changes in the meantime, as in a run: it is asked again each time. */
  readonly isMoving?: boolean;
}

const emptySchema: DatabaseSchema = { tables: [], triggers: [], views: [], names: [], temporary: [] };

export function createPlanKnowledge({
  connection,
  foreignKeys,
  scratch,
  isMoving = false,
}: PlanKnowledgeOptions): PlanKnowledge {
  const touched = new Set<string>();
  const sizes = new Map<string, Promise<TableSize>>();
  let isLost = false;
  let schema: Promise<DatabaseSchema> | undefined;
  const readNow = async (): Promise<DatabaseSchema> =>
    connection === undefined ? emptySchema : await readSchema(connection);
  const readOnce = async (): Promise<DatabaseSchema> =>
    isMoving ? await readNow() : await (schema ??= readNow());
  const count = async (sql: string): Promise<number> => {
    const result = await connection?.query({ sql });
    return Number(result?.rows[0]?.[0] ?? 0);
  };
  const foresight = createForesight({ scratch, readNow: readOnce });
  return {
    connection,
    foreignKeys,
    foresight,
    schema: readOnce,
    count,
    table: async (name) => {
      if (isLost || touched.has(foldName(name))) return undefined;
      const { tables } = await readOnce();
      return tables.find((table) => table.kind === "table" && isSameName(table.name, name));
    },
    size: async (name) => {
      if (isMoving) return await readSize(name, await readOnce(), count);
      const known = sizes.get(foldName(name)) ?? readSize(name, await readOnce(), count);
      sizes.set(foldName(name), known);
      return await known;
    },
    lose: () => {
      isLost = true;
      foresight.lose();
    },
    pass: (operation, statements) => {
      foresight.pass(operation, statements);
      for (const name of touchedBy(operation)) touched.add(foldName(name));
    },
  };
}

function touchedBy(operation: Operation): readonly string[] {
  if (operation.kind === "createTable") return [operation.table.name];
  if (operation.kind === "renameTable") return [operation.table, operation.to];
  if (operation.kind === "execute") {
    const dropped = droppedTableOf(operation.sql);
    return dropped === undefined ? [] : [dropped];
  }
  // An index or new rows leave the table as it is.
  if (operation.kind === "createIndex" || operation.kind === "bulkInsert") return [];
  const table = tableOf(operation);
  return table === null ? [] : [table];
}

async function readSize(
  name: string,
  { tables, names }: DatabaseSchema,
  count: PlanKnowledge["count"],
): Promise<TableSize> {
  const rows = await count(`SELECT count(*) FROM ${quoteIdentifier(name)}`);
  const table = tables.find((one) => isSameName(one.name, name));
  if (table === undefined || !(await hasDbstat(names, count))) return { rows, bytes: null };
  const parts = [table.name, ...table.indexes.map((index) => index.name)].map((part) => renderLiteral(part));
  const bytes = await count(
    `SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN (${parts.join(", ")})`,
  );
  return { rows, bytes };
}

/** Not every build of SQLite has it (dbstat.html), and asking it where it is not is an error. */
async function hasDbstat(names: readonly string[], count: PlanKnowledge["count"]): Promise<boolean> {
  if (names.some((name) => isSameName(name, "dbstat"))) return false;
  return (await count("SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'")) > 0;
}
