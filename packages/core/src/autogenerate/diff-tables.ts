import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { lazy } from "../util/lazy.ts";
import { createTable } from "./create-table.ts";
import { collationOf } from "./diff-column.ts";
import { createIndex, diffIndexes, ownIndexes } from "./diff-indexes.ts";
import type { DiffOptions } from "./diff-options.ts";
import { diffTable } from "./diff-table.ts";
import { normalSql } from "./normal-sql.ts";
import { orderChanges } from "./order-changes.ts";
import { parentsFirst } from "./order-tables.ts";
import { buildTableModel, findColumn } from "./table-model.ts";

/** The differences of tables and their indexes, by what has to come after what. */
export interface TablesDiff {
  readonly dropIndexes: readonly Operation[];
  readonly create: readonly Operation[];
  /** Changes and drops of tables. */
  readonly change: readonly Operation[];
  readonly createIndexes: readonly Operation[];
  /** Folded names of the tables that are dropped, those that are created again included. */
  readonly dropped: ReadonlySet<string>;
}

interface Pair {
  readonly from: InspectedTable;
  readonly to: InspectedTable;
}

export function diffTables(from: DatabaseSchema, to: DatabaseSchema, options: DiffOptions): TablesDiff {
  const left = new Map(from.tables.map((table) => [foldName(table.name), table]));
  const right = new Map(to.tables.map((table) => [foldName(table.name), table]));
  const pairs = to.tables.flatMap((table): readonly Pair[] => {
    const found = left.get(foldName(table.name));
    return found === undefined || !canBecome(found, table) ? [] : [{ from: found, to: table }];
  });
  const kept = new Set(pairs.map((pair) => foldName(pair.to.name)));
  const removed = from.tables.filter(({ name }) => !kept.has(foldName(name)));
  const added = to.tables.filter(({ name }) => !kept.has(foldName(name)));
  const fresh = added.filter(({ name }) => !left.has(foldName(name)));
  // A virtual table with another definition is a new one under the old name: it has to be gone before.
  const again = added.filter(({ name }) => left.has(foldName(name)));
  const keyOf = (name: string): readonly string[] => keyColumnsOf(right.get(foldName(name)));
  const diffs = pairs.map((pair) => diffPair(pair, { keyOf, options }));
  return {
    dropIndexes: diffs.flatMap(({ indexes }) => indexes.drops),
    create: parentsFirst(fresh).map(createOne),
    change: [
      ...orderChanges([
        ...diffs.map(({ table, alter }) => ({ table, operation: alter })),
        ...removed.map((table) => ({ table, operation: dropOne(table) })),
      ]),
      ...again.map(createOne),
    ],
    createIndexes: [
      ...parentsFirst(added).flatMap((table) =>
        ownIndexes(table).map((index) => createIndex(index, table.name)),
      ),
      ...diffs.flatMap(({ indexes }) => indexes.creates),
    ],
    dropped: new Set(removed.map(({ name }) => foldName(name))),
  };
}

/** Whether a table can be changed into the other one: ALTER TABLE and a rebuild are for ordinary tables. */
export function canBecome(from: InspectedTable, to: InspectedTable): boolean {
  if (from.kind !== to.kind) return false;
  return from.kind === "table" || normalSql(from.sql) === normalSql(to.sql);
}

function keyColumnsOf(table: InspectedTable | undefined): readonly string[] {
  return (table?.columns ?? [])
    .filter(({ primaryKey }) => primaryKey > 0)
    .toSorted((a, b) => a.primaryKey - b.primaryKey)
    .map(({ name }) => name);
}

function createOne(table: InspectedTable): Operation {
  return table.kind === "virtual" ? { kind: "execute", sql: table.sql } : createTable(buildTableModel(table));
}

function dropOne(table: InspectedTable): Operation {
  const { kind, name } = table;
  if (kind !== "table") return { kind: "dropTable", table: name };
  return { kind: "dropTable", table: name, definition: buildTableModel(table).definition };
}

interface PairDiff {
  readonly table: InspectedTable;
  readonly alter: Operation | undefined;
  readonly indexes: ReturnType<typeof diffIndexes>;
}

function diffPair(
  { from, to }: Pair,
  { keyOf, options }: { readonly keyOf: (table: string) => readonly string[]; readonly options: DiffOptions },
): PairDiff {
  const target = lazy(() => buildTableModel(to));
  const indexes = diffIndexes(from, to, (column) =>
    collationOf(findColumn(target(), column)?.definition ?? { name: column }),
  );
  if (from.sql === to.sql) return { table: from, alter: undefined, indexes };
  const alter = diffTable({ from: buildTableModel(from), to: target(), keyOf }, options);
  return { table: from, alter, indexes };
}
