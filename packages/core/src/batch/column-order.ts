import type { ColumnPlace } from "../ops/table-change.ts";
import { reorderColumns } from "../sql/edit-table.ts";
import { columnIndex, withNative, type Draft } from "./draft.ts";
import type { Attempt } from "./object-error.ts";

/** Index that a column gets by its place; `undefined` without one. */
export function placeOf(draft: Draft, place: ColumnPlace, attempt: Attempt): number | undefined {
  const { insertBefore, insertAfter } = place;
  if (insertBefore !== undefined) return columnIndex(draft, insertBefore, attempt);
  return insertAfter === undefined ? undefined : columnIndex(draft, insertAfter, attempt) + 1;
}

/** Moves a column to its place, if it has one and does not stand there. */
export function applyPlace(
  draft: Draft,
  index: number,
  { place, attempt }: { readonly place: ColumnPlace; readonly attempt: Attempt },
): Draft {
  const at = placeOf(draft, place, attempt);
  if (at === undefined || at === index || at === index + 1) return draft;
  const others = [...draft.names.keys()].filter((other) => other !== index);
  return withOrder(draft, others.toSpliced(at > index ? at - 1 : at, 0, index));
}

/** Puts the groups of columns one after the other, and the columns of no group after them. */
export function applyReordering(draft: Draft, groups: readonly (readonly string[])[]): Draft {
  const attempt = { verb: "reorder the columns of", object: draft.inspected.name };
  const grouped = new Set(groups.flat().map((name) => columnIndex(draft, name, attempt)));
  return withOrder(draft, [...grouped, ...draft.names.keys().filter((index) => !grouped.has(index))]);
}

/** The column at `order[0]` comes first. */
function withOrder(draft: Draft, order: readonly number[]): Draft {
  const pick = <Item>(items: readonly Item[]): readonly Item[] =>
    order.flatMap((index) => items.slice(index, index + 1));
  const next = {
    ...draft,
    text: reorderColumns(draft.text, order),
    origins: pick(draft.origins),
    names: pick(draft.names),
  };
  return withNative(next, { reason: "reorder columns" });
}
