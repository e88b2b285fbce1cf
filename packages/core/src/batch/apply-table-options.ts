import type { AlterTableOptionsChange } from "../ops/table-change.ts";
import { isStrictType } from "../schema/assert-table.ts";
import { withTableOptions } from "../sql/edit-table-options.ts";
import { primaryKeyClause } from "./constraint-clauses.ts";
import { withNative, type Draft } from "./draft.ts";
import { conflictError } from "./object-error.ts";

/**
 * Makes the table STRICT or WITHOUT ROWID, or takes that away. Where values do not have the types of their
 * columns, or keys are NULL, the copy is refused and nothing has changed.
 */
export function applyTableOptions(draft: Draft, change: AlterTableOptionsChange): Draft {
  const { strict = draft.text.strict, withoutRowid = draft.text.withoutRowid } = change;
  if (strict === draft.text.strict && withoutRowid === draft.text.withoutRowid) return draft;
  if (strict) assertStrictTypes(draft);
  if (withoutRowid) assertKey(draft);
  const next = { ...draft, text: withTableOptions(draft.text, { strict, withoutRowid }) };
  const words = [
    ...(strict === draft.text.strict ? [] : ["STRICT"]),
    ...(withoutRowid === draft.text.withoutRowid ? [] : ["WITHOUT ROWID"]),
  ];
  return withNative(next, { reason: `change whether the table is ${words.join(" and ")}` });
}

/** @see https://sqlite.org/stricttables.html */
function assertStrictTypes(draft: Draft): void {
  const wrong = draft.text.columns.find(({ part }) => !isStrictType(part.type));
  if (wrong === undefined) return;
  const { name, type } = wrong.part;
  throw conflictError(
    { verb: "make STRICT", object: draft.inspected.name },
    `column "${name}" has ${type === undefined ? "no type" : `the type "${type}"`}`,
    "give it one of INTEGER, INT, REAL, TEXT, BLOB, ANY with batch.alterColumn in the same batch",
  );
}

/** @see https://sqlite.org/withoutrowid.html */
function assertKey(draft: Draft): void {
  const clause = primaryKeyClause(draft.text)?.clause;
  const isCounted = clause?.kind === "primaryKey" && clause.autoincrement;
  if (clause !== undefined && !isCounted) return;
  throw conflictError(
    { verb: "make WITHOUT ROWID", object: draft.inspected.name },
    isCounted ? "its key is AUTOINCREMENT" : "it has no primary key",
    isCounted
      ? "take AUTOINCREMENT away with batch.alterColumn in the same batch"
      : "give it one with tableArgs: { primaryKey: [...] }",
  );
}
