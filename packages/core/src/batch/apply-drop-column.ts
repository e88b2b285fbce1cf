import type { DropColumnChange } from "../ops/table-change.ts";
import { isSameName } from "../schema/table-definition.ts";
import { removeColumn, removeConstraint } from "../sql/edit-table.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { Guard } from "./batch-plan.ts";
import { ownConstraints, quotedUsers, usersOfColumn } from "./column-usage.ts";
import { includesName, primaryKeyClause } from "./constraint-clauses.ts";
import { columnAt, columnIndex, withNative, type Draft } from "./draft.ts";
import { conflictError, inUseError } from "./object-error.ts";

/** Takes a column away with the constraints that are about it alone; refuses while anything else uses it. */
export function applyDropColumn(draft: Draft, change: DropColumnChange): Draft {
  const table = draft.inspected.name;
  const attempt = { verb: "drop column", object: `${table}.${change.column}` };
  const exists = draft.names.some((name) => isSameName(name, change.column));
  if (change.ifExists === true && !exists) return draft;
  const index = columnIndex(draft, change.column, attempt);
  const { part } = columnAt(draft, index);
  if (draft.text.columns.length === 1) {
    throw conflictError(attempt, "it is the only column", "drop the table instead");
  }
  if (includesName(primaryKeyClause(draft.text)?.columns ?? [], part.name)) {
    throw conflictError(attempt, "it is in the primary key", "replace the primary key first");
  }
  const users = new Set([...usersOfColumn(draft, index), ...quotedUsers(draft, part.name)]);
  if (users.size > 0) {
    throw inUseError(
      attempt,
      [...users],
      `drop what uses it first, or in the same op.batchAlterTable("${table}", …)`,
    );
  }
  const own = ownConstraints(draft, part.name);
  const text = own.toReversed().reduce(removeConstraint, removeColumn(draft.text, index));
  const next: Draft = {
    ...draft,
    text,
    origins: draft.origins.toSpliced(index, 1),
    names: draft.names.toSpliced(index, 1),
    dropped: [...draft.dropped, part.name],
    afterRebuild: draft.afterRebuild.filter(({ renames }) => renames !== part.name),
  };
  const hasOwn = own.length > 0 || part.clauses.some((clause) => clause.kind === "unique");
  if (hasOwn) return withNative(next, { reason: `drop a column with its constraint ("${change.column}")` });
  if (draft.hasDoubleQuotes) {
    return withNative(next, { reason: `drop a column beside strings in double quotes ("${change.column}")` });
  }
  const sql = `ALTER TABLE ${quoteIdentifier(table)} DROP COLUMN ${quoteIdentifier(change.column)}`;
  return withNative(next, {
    statements: [{ sql, comment: `drop column "${attempt.object}"`, guard: refusal(attempt.object) }],
  });
}

/** SQLite looks at every view and trigger when it drops a column, and names the one that would break. */
function refusal(column: string): Guard {
  return {
    code: "SKM_OBJECT_IN_USE",
    message: `cannot drop column "${column}"`,
    tellsCause: true,
    details: { object: column },
    hint: "drop what uses it before, and create it again after the change",
  };
}
