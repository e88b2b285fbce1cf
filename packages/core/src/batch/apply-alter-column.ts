import type { AlterColumnChange, ColumnChanges } from "../ops/table-change.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { isSameName } from "../schema/table-definition.ts";
import { withClause, withType } from "../sql/edit-column.ts";
import { replaceColumn } from "../sql/edit-table.ts";
import { parenthesize } from "../sql/expression.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderDefault } from "../sql/render-column.ts";
import type { BatchStatement, Guard } from "./batch-plan.ts";
import { renameGuard } from "./rename-guard.ts";
import { applyAutoincrement } from "./apply-autoincrement.ts";
import { contentUsers, naturalUsers } from "./column-usage.ts";
import { applyPlace } from "./column-order.ts";
import { columnAt, columnIndex, textNames, withNative, type Draft } from "./draft.ts";
import { renameColumns } from "./mentions.ts";
import { conflictError, inUseError, type Attempt } from "./object-error.ts";

export function applyAlterColumn(draft: Draft, change: AlterColumnChange): Draft {
  const attempt = { verb: "alter column", object: `${draft.inspected.name}.${change.column}` };
  const index = columnIndex(draft, change.column, attempt);
  let next = draft;
  for (const step of [applyNullable, applyType, applyDefault, applyCollation, applyGenerated]) {
    next = step(next, index, change.changes);
  }
  next = applyAutoincrement(next, index, change.changes);
  next = applyName(next, index, { to: change.changes.name, attempt });
  return applyPlace(next, index, { place: change, attempt });
}

/** Replaces the text of a column; `statements` do the same without a rebuild, if they can. */
interface TextEdit {
  readonly sql: string;
  readonly what: string;
  readonly statements?: readonly BatchStatement[] | undefined;
}

function edit(draft: Draft, index: number, { sql, what, statements }: TextEdit): Draft {
  if (sql === columnAt(draft, index).text) return draft;
  const next = { ...draft, text: replaceColumn(draft.text, index, sql) };
  const name = draft.names[index] ?? "";
  return withNative(
    next,
    statements === undefined ? { reason: `change the ${what} of "${name}"` } : { statements },
  );
}

function applyNullable(draft: Draft, index: number, { nullable }: ColumnChanges): Draft {
  if (nullable === undefined) return draft;
  const item = columnAt(draft, index);
  const isNotNull = item.part.clauses.some((clause) => clause.kind === "notNull");
  if (isNotNull !== nullable) return draft;
  const hasNull = item.part.clauses.some((clause) => clause.kind === "null");
  const sql = nullable
    ? withClause(item, "notNull", undefined)
    : withClause(item, hasNull ? "null" : "notNull", "NOT NULL");
  return edit(draft, index, { sql, what: "NOT NULL", statements: alterNullable(draft, index, nullable) });
}

/** @see https://sqlite.org/lang_altertable.html */
function alterNullable(
  draft: Draft,
  index: number,
  nullable: boolean,
): readonly BatchStatement[] | undefined {
  // SQLite takes one NOT NULL away, and nothing keeps people from writing two.
  const count = columnAt(draft, index).part.clauses.filter(({ kind }) => kind === "notNull").length;
  if (!draft.context.alterConstraints || count > 1) return undefined;
  const { name: table } = draft.inspected;
  const column = draft.names[index] ?? "";
  const action = nullable ? "DROP NOT NULL" : "SET NOT NULL";
  return [
    {
      sql: `ALTER TABLE ${quoteIdentifier(table)} ALTER COLUMN ${quoteIdentifier(column)} ${action}`,
      comment: `${action} of "${table}.${column}"`,
      ...(nullable ? {} : { guard: hasNull(table, column) }),
    },
  ];
}

/** SQLite says "constraint failed" and no more. */
function hasNull(table: string, column: string): Guard {
  return {
    code: "SKM_MIGRATION_FAILED",
    message: `cannot make column "${table}.${column}" NOT NULL`,
    tellsCause: true,
    details: { table, column },
    hint: `the rows in the way are found with SELECT * FROM ${quoteIdentifier(table)} WHERE ${quoteIdentifier(column)} IS NULL`,
  };
}

function applyType(draft: Draft, index: number, { type }: ColumnChanges): Draft {
  if (type === undefined) return draft;
  const item = columnAt(draft, index);
  if (item.part.type === type) return draft;
  return edit(draft, index, { sql: withType(item, type), what: "type" });
}

function applyDefault(draft: Draft, index: number, changes: ColumnChanges): Draft {
  if (changes.default === undefined) return draft;
  const clause = changes.default === null ? undefined : `DEFAULT ${renderDefault(changes.default)}`;
  return edit(draft, index, {
    sql: withClause(columnAt(draft, index), "default", clause),
    what: "default",
  });
}

function applyCollation(draft: Draft, index: number, { collate }: ColumnChanges): Draft {
  if (collate === undefined) return draft;
  const clause = collate === null ? undefined : `COLLATE ${quoteIdentifier(collate)}`;
  return edit(draft, index, {
    sql: withClause(columnAt(draft, index), "collate", clause),
    what: "collation",
  });
}

function applyGenerated(draft: Draft, index: number, { generated }: ColumnChanges): Draft {
  if (generated === undefined) return draft;
  const storage = generated?.stored === true ? " STORED" : "";
  const clause =
    generated === null
      ? undefined
      : `GENERATED ALWAYS AS ${parenthesize(renameColumns(textOf(generated.as), textNames(draft)))}${storage}`;
  return edit(draft, index, {
    sql: withClause(columnAt(draft, index), "generated", clause),
    what: "expression",
  });
}

/** A rename is left to SQLite in any case: it rewrites indexes, triggers, views and foreign keys. */
function applyName(
  draft: Draft,
  index: number,
  { to, attempt }: { readonly to: string | undefined; readonly attempt: Attempt },
): Draft {
  const from = draft.names[index] ?? "";
  if (to === undefined || to === from) return draft;
  if (draft.names.some((name, other) => other !== index && isSameName(name, to))) {
    const problem = `the table has a column "${to}"`;
    throw conflictError(attempt, problem, "choose another name, or rename that column first");
  }
  const { name: old } = columnAt(draft, index).part;
  const users = [...contentUsers(draft, old), ...naturalUsers(draft, old), ...naturalUsers(draft, to)];
  if (users.length > 0)
    throw inUseError(attempt, users, "drop it before, and create it again after the change");
  const { name: table } = draft.inspected;
  const statement: BatchStatement = {
    sql: `ALTER TABLE ${quoteIdentifier(table)} RENAME COLUMN ${quoteIdentifier(from)} TO ${quoteIdentifier(to)}`,
    comment: `rename column "${table}.${from}" to "${to}"`,
    guard: renameGuard(`column "${table}.${from}"`),
  };
  const next: Draft = {
    ...draft,
    names: draft.names.with(index, to),
    native: [...draft.native, statement],
    afterRebuild: [...draft.afterRebuild, { statement, renames: columnAt(draft, index).part.name }],
  };
  if (!draft.hasDoubleQuotes) return next;
  return withNative(next, { reason: `rename a column beside strings in double quotes ("${from}")` });
}
