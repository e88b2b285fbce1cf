import type { InspectedTrigger, InspectedView } from "../schema/database-schema.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { BatchStatement } from "./batch-plan.ts";
import type { Draft } from "./draft.ts";
import { dependentsOf } from "./find-dependents.ts";
import { fireTrigger } from "./fire-trigger.ts";
import { mentionsAny } from "./mentions.ts";

/**
 * Asks SQLite whether the views and triggers that have the name of a dropped column still work. EXPLAIN
 * compiles a statement, and the triggers it would fire, without running it (lang_explain.html).
 */
export function usageGuards(draft: Draft): readonly BatchStatement[] {
  if (draft.dropped.length === 0) return [];
  const names = new Set(draft.dropped.map(foldName));
  const { views, triggers } = dependentsOf(draft.schema, draft.inspected.name);
  return [
    ...views.filter((view) => mentionsAny(view.sql, names)).map((view) => viewGuard(draft, view)),
    ...triggers
      .filter((trigger) => mentionsAny(trigger.sql, names))
      .map((trigger) => triggerGuard(draft, trigger)),
  ];
}

function viewGuard(draft: Draft, { name }: InspectedView): BatchStatement {
  return guard(draft, `EXPLAIN SELECT * FROM ${quoteIdentifier(name)}`, `view "${name}"`);
}

function triggerGuard(draft: Draft, trigger: InspectedTrigger): BatchStatement {
  return guard(draft, `EXPLAIN ${fireTrigger(draft, trigger)}`, `trigger "${trigger.name}"`);
}

function guard(draft: Draft, sql: string, user: string): BatchStatement {
  const { name: table } = draft.inspected;
  const columns = draft.dropped.map((column) => `"${table}.${column}"`).join(", ");
  return {
    sql,
    comment: `${user} must still work`,
    guard: {
      code: "SKM_OBJECT_IN_USE",
      message: `cannot drop column ${columns}: ${user} uses it`,
      tellsCause: true,
      details: { object: table, users: [user] },
      hint: "drop it before, and create it again after the change",
    },
  };
}

/** The tables that refer to this one, itself included when it does, by their folded names. */
export function referringTables(draft: Draft): readonly string[] {
  const { name } = draft.inspected;
  return draft.schema.tables
    .filter((table) => table.foreignKeys.some((key) => isSameName(key.table, name)))
    .map((table) => table.name);
}

export const repairFirst: string =
  "a constraint with ON CONFLICT IGNORE or REPLACE drops rows that break it; repair them before the change";

/**
 * The rebuilt table must have every row that it had, and no table that refers to it may have lost one to a
 * foreign key's action. They are counted once, at the end: counting the copy before it has an index would
 * read all of it.
 */
export function rowGuards(draft: Draft): readonly BatchStatement[] {
  const { rows } = draft.context;
  if (rows === undefined) return [];
  const tables = new Set([draft.inspected.name, ...referringTables(draft)]);
  return [...tables].flatMap((table): readonly BatchStatement[] => {
    const count = rows.get(foldName(table));
    if (count === undefined) return [];
    return [
      {
        sql: `SELECT CASE WHEN (SELECT count(*) FROM ${quoteIdentifier(table)}) <> ${count} THEN json('rows were lost') END`,
        comment: `rebuild "${draft.inspected.name}": "${table}" must still have its ${count} rows`,
        guard: {
          code: "SKM_ROWCOUNT",
          message: `cannot rebuild table "${draft.inspected.name}": table "${table}" had ${count} rows and has another number now`,
          details: { table, expected: count },
          ...(isSameName(table, draft.inspected.name) ? { hint: repairFirst } : {}),
        },
      },
    ];
  });
}
