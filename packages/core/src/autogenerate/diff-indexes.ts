import type { Operation } from "../ops/operation.ts";
import type { InspectedIndex, InspectedTable } from "../schema/database-schema.ts";
import type { IndexColumn, IndexDefinition } from "../schema/index-definition.ts";
import { isSqlFragment, textOf } from "../schema/sql-fragment.ts";
import { foldName } from "../schema/table-definition.ts";
import { parseCreateIndex } from "../sql/parse-create-index.ts";
import { normalExpression } from "./normal-sql.ts";

export interface IndexDiff {
  readonly drops: readonly Operation[];
  readonly creates: readonly Operation[];
}

/** The definition of an index made by CREATE INDEX. */
export function indexDefinitionOf(index: InspectedIndex, table: string): IndexDefinition {
  const parsed = parseCreateIndex(index.sql ?? "", (position) => index.columns[position]?.name !== null);
  return { ...parsed, name: index.name, table };
}

export function createIndex(index: InspectedIndex, table: string): Operation {
  return { kind: "createIndex", index: indexDefinitionOf(index, table) };
}

/** The indexes made by CREATE INDEX; those of constraints come with them. */
export function ownIndexes(table: InspectedTable): readonly InspectedIndex[] {
  return table.indexes.filter(({ sql }) => sql !== null);
}

/** @param collationOf The collation of a column of the second table. */
export function diffIndexes(
  from: InspectedTable,
  to: InspectedTable,
  collationOf: (column: string) => string,
): IndexDiff {
  const wanted = new Map(ownIndexes(to).map((index) => [foldName(index.name), index]));
  const kept = new Set<string>();
  const drops: Operation[] = [];
  for (const index of ownIndexes(from)) {
    const name = foldName(index.name);
    const other = wanted.get(name);
    if (other !== undefined && isSameIndex(index, other, collationOf)) kept.add(name);
    else
      drops.push({ kind: "dropIndex", index: index.name, definition: indexDefinitionOf(index, from.name) });
  }
  const creates = [...wanted].flatMap(([name, index]) =>
    kept.has(name) ? [] : [createIndex(index, to.name)],
  );
  return { drops, creates };
}

function isSameIndex(
  from: InspectedIndex,
  to: InspectedIndex,
  collationOf: (column: string) => string,
): boolean {
  if (from.sql === to.sql) return true;
  const [a, b] = [indexDefinitionOf(from, to.table), indexDefinitionOf(to, to.table)];
  return signatureOf(a, collationOf) === signatureOf(b, collationOf);
}

function signatureOf(index: IndexDefinition, collationOf: (column: string) => string): string {
  const { unique = false, where, table } = index;
  const columns = index.columns.map((column) => columnSignature(column, { table, collationOf }));
  const condition = where === undefined ? null : normalExpression(textOf(where), table);
  return JSON.stringify([unique, columns, condition]);
}

interface IndexContext {
  readonly table: string;
  readonly collationOf: (column: string) => string;
}

function columnSignature(column: IndexColumn, context: IndexContext): readonly unknown[] {
  if (typeof column === "string") return columnSignature({ column }, context);
  if (isSqlFragment(column)) return columnSignature({ sql: column.text }, context);
  const { collate, order = "asc" } = column;
  const isExpression = "sql" in column;
  const subject = isExpression
    ? normalExpression(textOf(column.sql), context.table)
    : foldName(column.column);
  const inherited = isExpression ? null : context.collationOf(column.column);
  return [isExpression, subject, collate === undefined ? inherited : foldName(collate), order];
}
