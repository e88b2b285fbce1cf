import type { BatchStatement } from "../batch/batch-plan.ts";
import { cascadeLinks, type CascadeLink } from "../batch/cascade-links.ts";
import type { Executor } from "../driver/driver.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { droppedTableOf } from "../sql/dropped-table-of.ts";

/** A table that an operation drops, and the tables it may take rows from on the way. */
interface Drop {
  readonly table: string;
  readonly allowed: ReadonlySet<string>;
}

/** Rows of one table that would be lost or changed. */
interface Endangered {
  readonly table: string;
  readonly action: CascadeLink["action"];
  readonly rows: number;
}

/**
 * Refuses, while foreign keys are enforced, to drop a table whose implicit DELETE would fire ON DELETE
 * actions: the usual way in which a table that is swapped by hand takes the rows of others with it.
 *
 * @throws {SKM_CASCADE} with the tables and how many of their rows.
 */
export async function assertNoCascade(tx: Executor, operation: Operation): Promise<void> {
  const drop = dropOf(operation);
  if (drop === undefined) return;
  const endangered: Endangered[] = [];
  for (const { table, action, count } of await readLinks(tx, drop)) {
    const rows = Number((await tx.query({ sql: count })).rows[0]?.[0] ?? 0);
    if (rows > 0) endangered.push({ table, action, rows });
  }
  if (endangered.length > 0) throw cascadeError(drop.table, endangered);
}

/**
 * The same as statements of a unit that is sent as one batch: they run right before the drop, and see what
 * the unit has deleted until then. Tables that the unit itself has dropped or renamed are left out.
 *
 * @param before the operations of the unit before this one.
 * @param readTables the tables as they are before the unit.
 */
export async function cascadeGuards(
  operation: Operation,
  before: readonly Operation[],
  readTables: () => Promise<DatabaseSchema>,
): Promise<readonly BatchStatement[]> {
  const drop = dropOf(operation);
  if (drop === undefined) return [];
  const gone = new Set(before.flatMap(goneAfter).map(foldName));
  if (gone.has(foldName(drop.table))) return [];
  const links = linksOf(await readTables(), drop).filter(({ table }) => !gone.has(foldName(table)));
  return links.map(({ table, action, count }) => ({
    sql: `SELECT CASE WHEN (${count}) > 0 THEN json('rows would be lost') END`,
    comment: `drop "${drop.table}": no row of "${table}" may refer to it`,
    guard: guardOf(drop.table, [{ table, action, rows: undefined }]),
  }));
}

function dropOf(operation: Operation): Drop | undefined {
  const table =
    operation.kind === "dropTable"
      ? operation.table
      : operation.kind === "execute"
        ? droppedTableOf(operation.sql)
        : undefined;
  if (table === undefined) return undefined;
  const allowDataLoss = "allowDataLoss" in operation ? operation.allowDataLoss : undefined;
  return { table, allowed: new Set(allowDataLoss?.map(foldName)) };
}

function goneAfter(operation: Operation): readonly string[] {
  if (operation.kind === "renameTable") return [operation.table];
  const table = dropOf(operation)?.table;
  return table === undefined ? [] : [table];
}

async function readLinks(executor: Executor, drop: Drop): Promise<readonly CascadeLink[]> {
  return (await isParent(executor, drop.table)) ? linksOf(await readSchema(executor), drop) : [];
}

function linksOf(schema: DatabaseSchema, { table, allowed }: Drop): readonly CascadeLink[] {
  return cascadeLinks(schema, table).filter((link) => !allowed.has(foldName(link.table)));
}

/** One query where the six of the whole schema would be wasted: few tables that are dropped are parents. */
async function isParent(executor: Executor, table: string): Promise<boolean> {
  const { rows } = await executor.query({
    sql: `SELECT 1 FROM sqlite_schema AS s JOIN pragma_foreign_key_list(s.name) AS f
WHERE s.type = 'table' AND s.rootpage <> 0 AND lower(f."table") = lower(?) AND lower(s.name) <> lower(?)
  AND f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') LIMIT 1`,
    params: [table, table],
  });
  return rows.length > 0;
}

function cascadeError(table: string, endangered: readonly Endangered[]): MigrationError {
  const { code, message, details, hint } = guardOf(table, endangered);
  return new MigrationError(code, message, { details, hint });
}

type Found = Omit<Endangered, "rows"> & { readonly rows: number | undefined };

function guardOf(table: string, endangered: readonly Found[]) {
  const list = endangered.map(({ table: name, action, rows }) => {
    const counted = rows === undefined ? "rows" : rows === 1 ? "1 row" : `${rows} rows`;
    return `${counted} of ${quoteForMessage(name)} (on delete ${action})`;
  });
  return {
    code: "SKM_CASCADE",
    message: `cannot drop table ${quoteForMessage(table)}: foreign keys are enforced, and dropping it would delete or change ${list.join(", ")}`,
    details: { table, endangered: endangered.map((one) => ({ ...one, rows: one.rows ?? null })) },
    hint: `to change the table, use op.batchAlterTable(${JSON.stringify(table)}, …), which keeps these rows; to lose them, say { allowDataLoss: ${JSON.stringify(endangered.map((one) => one.table))} }`,
  } as const;
}
