import type { QueryResult, SqlValue, Statement } from "../driver/statement.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { ExecuteOperation, Operation, RowProgress } from "../ops/operation.ts";
import type { Row } from "../ops/operations.ts";
import { rowsOf } from "../ops/rows-of.ts";
import { acceptChanges, type MapRowsRequest } from "../ops/update-operations.ts";
import { freeRowidNames } from "../schema/rowid-names.ts";
import { isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier, quoteIdentifierList } from "../sql/quote-identifier.ts";

/** What the loop does with what it finds. */
export interface RowSink {
  record(operation: Operation): void;
  query(statement: Statement): Promise<QueryResult>;
}

/** Values in one UPDATE: every engine takes as many parameters (limits.html#max_variable_number). */
const mostValues = 900;

interface Key {
  /** As SQL, quoted: `rowid`, or the columns of the primary key. */
  readonly columns: readonly string[];
  /** Columns that belong to the key, which `map` must not change. */
  readonly names: readonly string[];
}

interface Change {
  readonly key: readonly SqlValue[];
  readonly values: readonly (readonly [column: string, value: SqlValue])[];
}

/**
 * Reads the rows of a table a chunk at a time, in the order of their key, and records the changes that the
 * author's function finds. Each read begins behind the last key, so that changed rows are not met again.
 *
 * @returns the number of rows for which there were changes.
 */
export async function mapRows(request: MapRowsRequest, sink: RowSink): Promise<number> {
  const key = await readKey(request, sink);
  const total = await countRows(request, sink);
  let [seen, changed] = [0, 0];
  let last: readonly SqlValue[] | undefined;
  for (;;) {
    const found = await sink.query(readChunk(request, key, last));
    if (found.rows.length === 0) return changed;
    const width = key.columns.length;
    const rows = rowsOf({
      ...found,
      columns: found.columns.slice(width),
      rows: found.rows.map((row) => row.slice(width)),
    });
    last = found.rows.at(-1)?.slice(0, width);
    seen += rows.length;
    const changes: Change[] = [];
    for (const [index, row] of rows.entries()) {
      const values = await callMap(request, row, key);
      if (values.length > 0) changes.push({ key: found.rows[index]?.slice(0, width) ?? [], values });
    }
    changed += changes.length;
    const progress: RowProgress = { activity: "update", table: request.table, rows: seen, total };
    for (const operation of updatesFor(request, key, { changes, progress })) sink.record(operation);
    if (rows.length < request.chunk) return changed;
  }
}

/**
 * The rowid where there is one, under a name that no column has; the primary key of a table WITHOUT ROWID,
 * whose columns are never NULL there (withoutrowid.html).
 */
async function readKey({ table }: MapRowsRequest, sink: RowSink): Promise<Key> {
  const { rows } = await sink.query({
    sql: `SELECT c.name, c.pk, t.type, t.wr FROM pragma_table_list(?) AS t JOIN pragma_table_info(?) AS c WHERE t.schema = 'main' ORDER BY c.pk`,
    params: [table, table],
    comment: `op.updateRows(${JSON.stringify(table)}, …)`,
  });
  if (rows.length === 0) throw missingTable(table);
  if (rows[0]?.[2] !== "table") throw noKey(table, `it is a ${String(rows[0]?.[2])}`);
  const primaryKey = rows.filter((row) => Number(row[1]) > 0).map((row) => String(row[0]));
  if (Number(rows[0][3]) === 1) {
    return { columns: primaryKey.map(quoteIdentifier), names: primaryKey };
  }
  const [rowid] = freeRowidNames(rows.map((row) => String(row[0])));
  if (rowid === undefined) throw noKey(table, "its columns hide the rowid under all its names");
  // A single column of the key may be the rowid itself; changing it would move the row.
  return { columns: [rowid], names: primaryKey.length === 1 ? primaryKey : [] };
}

async function countRows({ table, where }: MapRowsRequest, sink: RowSink): Promise<number> {
  const condition = where === undefined ? "" : ` WHERE ${where}`;
  const { rows } = await sink.query({
    sql: `SELECT count(*) FROM ${quoteIdentifier(table)}${condition}`,
  });
  return Number(rows[0]?.[0] ?? 0);
}

function readChunk(
  { table, where, columns, chunk }: MapRowsRequest,
  key: Key,
  last: readonly SqlValue[] | undefined,
): Statement {
  const keys = key.columns.join(", ");
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(last === undefined ? [] : [`(${keys}) > (${key.columns.map(() => "?").join(", ")})`]),
  ];
  const seen = columns === undefined ? "*" : quoteIdentifierList(columns).slice(1, -1);
  return {
    sql: `SELECT ${keys}, ${seen} FROM ${quoteIdentifier(table)}${conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`} ORDER BY ${keys} LIMIT ${chunk}`,
    ...(last === undefined ? {} : { params: last }),
  };
}

async function callMap({ map, table }: MapRowsRequest, row: Row, key: Key): Promise<Change["values"]> {
  const values = acceptChanges(await map(row), row);
  for (const [column] of values) {
    if (key.names.some((name) => isSameName(name, column))) {
      throw new TypeError(
        `map in op.updateRows must not change ${quoteForMessage(`${table}.${column}`)}: rows are told apart by it; use op.execute for that`,
      );
    }
  }
  return values;
}

interface ChunkChanges {
  readonly changes: readonly Change[];
  readonly progress: RowProgress;
}

/** One UPDATE for rows whose changes have the same columns, as many as fit. */
function updatesFor(
  request: MapRowsRequest,
  key: Key,
  { changes, progress }: ChunkChanges,
): readonly ExecuteOperation[] {
  const groups = Map.groupBy(changes, ({ values }) => JSON.stringify(values.map(([column]) => column)));
  const operations = [...groups.values()].flatMap((group) => {
    const size = Math.max(1, Math.floor(mostValues / (key.columns.length + (group[0]?.values.length ?? 0))));
    const starts = Array.from({ length: Math.ceil(group.length / size) }, (_, index) => index * size);
    return starts.map((start) => renderUpdate(request.table, key, group.slice(start, start + size)));
  });
  return operations.map((operation, index) =>
    Object.freeze(index === operations.length - 1 ? { ...operation, progress } : operation),
  );
}

function renderUpdate(table: string, key: Key, changes: readonly Change[]): ExecuteOperation {
  const columns = changes[0]?.values.map(([column]) => column) ?? [];
  const name = quoteIdentifier(table);
  // No table of the author's is hidden by the name: only the table itself is used besides.
  const given = quoteIdentifier(isSameName(table, "changed") ? "changed_rows" : "changed");
  const keys = key.columns.map((_, index) => `k${index}`);
  const values = columns.map((_, index) => `v${index}`);
  const row = `(${[...keys, ...values].map(() => "?").join(", ")})`;
  const assignments = columns.map((column, index) => `${quoteIdentifier(column)} = ${given}.v${index}`);
  const match = key.columns.map((column, index) => `${name}.${column} = ${given}.k${index}`);
  return {
    kind: "execute",
    sql: `WITH ${given} (${[...keys, ...values].join(", ")}) AS (VALUES ${changes.map(() => row).join(", ")})
UPDATE ${name} SET ${assignments.join(", ")} FROM ${given} WHERE ${match.join(" AND ")}`,
    params: Object.freeze(
      changes.flatMap((change) => [...change.key, ...change.values.map(([, value]) => value)]),
    ),
  };
}

function missingTable(table: string): MigrationError {
  return new MigrationError(
    "SKM_OBJECT_MISSING",
    `cannot update rows of ${quoteForMessage(table)}: there is no such table`,
    { details: { table } },
  );
}

function noKey(table: string, reason: string): MigrationError {
  return new MigrationError(
    "SKM_UNSUPPORTED",
    `cannot update rows of ${quoteForMessage(table)} with a function: ${reason}, so they cannot be told apart`,
    { details: { table }, hint: "use op.updateRows with set, or op.execute" },
  );
}
