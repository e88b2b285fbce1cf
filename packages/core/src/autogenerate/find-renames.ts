import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import type { DiffOptions } from "./diff-options.ts";
import { canBecome } from "./diff-tables.ts";
import { selectObjects } from "./select-objects.ts";

/** A table or column that is there under another name, or gone: only its author knows. */
export interface RenameQuestion {
  readonly kind: "table" | "column";
  /** The table of a column; `null` for a table. */
  readonly table: string | null;
  /** What the second schema does not have. */
  readonly name: string;
  /**
   * What only the second schema has, the most similar first; nothing for a virtual table, which has to be
   * made again to be changed.
   */
  readonly candidates: readonly string[];
}

export interface Rename {
  readonly kind: "table" | "column";
  readonly table: string | null;
  readonly from: string;
  readonly to: string;
}

export interface FoundRenames {
  /** Renames that leave no doubt: the name differs only in case. */
  readonly certain: readonly Rename[];
  readonly questions: readonly RenameQuestion[];
}

/**
 * Finds what may be a rename: where something goes and something of the same kind comes, in the same table.
 * While tables are in question, their columns are not: ask again when those are settled.
 */
export function findRenames(
  from: DatabaseSchema,
  to: DatabaseSchema,
  options: DiffOptions = {},
): FoundRenames {
  const [left, right] = [selectObjects(from, options), selectObjects(to, options)];
  const names = (tables: readonly InspectedTable[]) => new Set(tables.map(({ name }) => foldName(name)));
  const [before, after] = [names(left.tables), names(right.tables)];
  const gone = left.tables.filter(({ name, kind }) => kind === "table" && !after.has(foldName(name)));
  const come = right.tables.filter(({ name, kind }) => kind === "table" && !before.has(foldName(name)));
  const byName = new Map(right.tables.map((table) => [foldName(table.name), table]));
  const columns = left.tables.flatMap((table) => {
    const other = byName.get(foldName(table.name));
    return table.kind === "table" && other?.kind === "table" ? [findInTable(table, other)] : [];
  });
  return {
    certain: columns.flatMap(({ certain }) => certain),
    questions: [
      ...gone.flatMap((table) => askTable(table, come)),
      ...left.tables.flatMap((table) => askAgain(table, byName.get(foldName(table.name)))),
      ...columns.flatMap(({ questions }) => questions),
    ],
  };
}

function askTable(table: InspectedTable, come: readonly InspectedTable[]): readonly RenameQuestion[] {
  if (come.length === 0) return [];
  const ranked = rank(
    come,
    (other) => 2 * likeness(columnNames(table), columnNames(other)) + likeName(table.name, other.name),
  );
  return [{ kind: "table", table: null, name: table.name, candidates: ranked.map(({ name }) => name) }];
}

/** A virtual table with another definition is dropped and made again: what it holds is gone. */
function askAgain(table: InspectedTable, other: InspectedTable | undefined): readonly RenameQuestion[] {
  if (other === undefined || canBecome(table, other)) return [];
  return [{ kind: "table", table: null, name: table.name, candidates: [] }];
}

function findInTable(from: InspectedTable, to: InspectedTable): FoundRenames {
  const [before, after] = [new Set(columnNames(from)), new Set(columnNames(to))];
  const byName = new Map(to.columns.map((column) => [foldName(column.name), column.name]));
  // A computed column holds nothing that a rename would save.
  const gone = from.columns.filter(({ name, generated }) => generated === "no" && !after.has(foldName(name)));
  const come = to.columns.filter(({ name, generated }) => generated === "no" && !before.has(foldName(name)));
  const certain = from.columns.flatMap(({ name }): readonly Rename[] => {
    const other = byName.get(foldName(name));
    if (other === undefined || other === name) return [];
    return [{ kind: "column", table: from.name, from: name, to: other }];
  });
  const questions =
    come.length === 0
      ? []
      : gone.map(({ name, type }): RenameQuestion => {
          const ranked = rank(come, (other) => likeName(name, other.name) + Number(type === other.type));
          return { kind: "column", table: from.name, name, candidates: ranked.map((other) => other.name) };
        });
  return { certain, questions };
}

const columnNames = (table: InspectedTable): readonly string[] =>
  table.columns.map(({ name }) => foldName(name));

function rank<Item>(items: readonly Item[], score: (item: Item) => number): readonly Item[] {
  return items
    .map((item) => ({ item, score: score(item) }))
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/** From 0 to 1: the part of two lists that they share. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  const other = new Set(b);
  return all.size === 0 ? 0 : a.filter((one) => other.has(one)).length / all.size;
}

/** From 0 to 1: the pairs of neighbouring letters that two names share. */
function likeName(a: string, b: string): number {
  return likeness(pairsOf(a), pairsOf(b));
}

function pairsOf(name: string): readonly string[] {
  const text = ` ${foldName(name)} `;
  return [...new Set(Array.from(text, (_, index) => text.slice(index, index + 2)))];
}
