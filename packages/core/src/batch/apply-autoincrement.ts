import type { ColumnChanges } from "../ops/table-change.ts";
import { replaceColumn, removeConstraint } from "../sql/edit-table.ts";
import { withClause } from "../sql/edit-column.ts";
import { renderConflict, renderConstraintName } from "../sql/render-constraint.ts";
import { includesName, primaryKeyClause } from "./constraint-clauses.ts";
import { columnAt, withNative, type Draft } from "./draft.ts";
import { conflictError } from "./object-error.ts";

/** Writes the primary key at its column, with or without AUTOINCREMENT (autoinc.html). */
export function applyAutoincrement(draft: Draft, index: number, { autoincrement }: ColumnChanges): Draft {
  const item = columnAt(draft, index);
  const key = primaryKeyClause(draft.text);
  if (autoincrement === undefined) return draft;
  const isKey = key?.columns.length === 1 && includesName(key.columns, item.part.name);
  if (key?.clause.kind !== "primaryKey" || !isKey) {
    if (!autoincrement) return draft;
    throw conflictError(
      { verb: "set AUTOINCREMENT of", object: `${draft.inspected.name}.${item.part.name}` },
      "it is not the primary key",
      "make it the primary key, with the type INTEGER",
    );
  }
  const { clause } = key;
  if (clause.autoincrement === autoincrement) return draft;
  const sql = `${renderConstraintName(clause.name)}PRIMARY KEY${renderConflict(clause.onConflict)}${autoincrement ? " AUTOINCREMENT" : ""}`;
  const text = key.constraint === undefined ? draft.text : removeConstraint(draft.text, key.constraint);
  const next = { ...draft, text: replaceColumn(text, index, withClause(item, "primaryKey", sql)) };
  return withNative(next, { reason: `change AUTOINCREMENT of "${item.part.name}"` });
}
