import type { DatabaseSchema, InspectedIndex, InspectedTable } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import type { ColumnItem, TableText } from "../sql/table-text.ts";
import type { BatchContext, BatchStatement } from "./batch-plan.ts";
import { missingError, type Attempt } from "./object-error.ts";

/**
 * A table on its way through the changes of a batch, in both forms: as the text of the table that a rebuild
 * would create, and as the statements that would do without one.
 */
export interface Draft {
  readonly inspected: InspectedTable;
  readonly schema: DatabaseSchema;
  readonly context: BatchContext;
  readonly namingConvention: Readonly<Record<string, string>>;
  /** The new table. Renamed columns still have their old names: RENAME COLUMN comes after the rebuild. */
  readonly text: TableText;
  /** The table has strings in double quotes, which SQLite may refuse to touch; in `text` they have single ones. */
  readonly hasDoubleQuotes: boolean;
  /** For each column of `text`, the column whose values it gets; `null` for a new one. */
  readonly origins: readonly (string | null)[];
  /** For each column of `text`, its name after the renames so far. */
  readonly names: readonly string[];
  /** Names of the columns that the rebuild leaves out. */
  readonly dropped: readonly string[];
  /** The indexes made by CREATE INDEX that stay. */
  readonly indexes: readonly InspectedIndex[];
  readonly droppedIndexes: readonly string[];
  /** The statements instead of a rebuild, while there is one for every change. */
  readonly native: readonly BatchStatement[];
  /** Why SQLite has no statement for a change; empty as long as it has. */
  readonly rebuildFor: readonly string[];
  /** What follows a rebuild, in the order in which the author wrote it. */
  readonly afterRebuild: readonly FollowUp[];
}

/** A statement after a rebuild. */
export interface FollowUp {
  readonly statement: BatchStatement;
  /** The column that it renames, by its name in the text: dropping the column makes it needless. */
  readonly renames?: string;
  /** The index that it creates: dropping that makes it needless. */
  readonly creates?: string;
}

/** Index of a column by the name it has at this moment of the batch. */
export function columnIndex(draft: Draft, name: string, attempt: Attempt): number {
  const index = draft.names.findIndex((other) => isSameName(other, name));
  if (index >= 0) return index;
  const renamed = draft.text.columns.findIndex(({ part }) => isSameName(part.name, name));
  const now = draft.names[renamed];
  const what =
    now === undefined
      ? `the table has no column "${name}"`
      : `the column "${name}" is called "${now}" since an earlier change of the batch`;
  throw missingError(attempt, what, draft.names);
}

export function columnAt(draft: Draft, index: number): ColumnItem {
  const item = draft.text.columns[index];
  if (item === undefined) throw new RangeError(`no column ${index}`);
  return item;
}

/** By folded current name, the name that a renamed column still has in the text. */
export function textNames(draft: Draft): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [index, name] of draft.names.entries()) {
    const old = draft.text.columns[index]?.part.name ?? name;
    if (old !== name) names.set(foldName(name), old);
  }
  return names;
}

/** Adds the statement that does a change, or says why there is none. */
export function withNative(
  draft: Draft,
  found: { readonly statements: readonly BatchStatement[] } | { readonly reason: string },
): Draft {
  return "reason" in found
    ? { ...draft, rebuildFor: [...draft.rebuildFor, found.reason] }
    : { ...draft, native: [...draft.native, ...found.statements] };
}
