import type { InspectedTrigger } from "../schema/database-schema.ts";
import { freeRowidNames } from "../schema/rowid-names.ts";
import { foldName, isSameName } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import type { BatchStatement } from "./batch-plan.ts";
import { watchesColumn } from "./column-usage.ts";
import { keysOf } from "./constraint-clauses.ts";
import { textNames, type Draft } from "./draft.ts";
import { dependentsOf } from "./find-dependents.ts";
import { fireTrigger } from "./fire-trigger.ts";
import { mentionsAny } from "./mentions.ts";

/**
 * Asks SQLite whether the views and triggers still work that may need what the changes take away. EXPLAIN
 * compiles a statement, and the triggers it would fire, without running it (lang_explain.html).
 */
export function usageGuards(draft: Draft): readonly BatchStatement[] {
  const words = suspectWords(draft);
  const { views, triggers } = dependentsOf(draft.schema, draft.inspected.name);
  const uses = ({ sql }: { readonly sql: string }): boolean => words.size > 0 && mentionsAny(sql, words);
  return [
    ...views
      .filter(uses)
      .map(({ name }) => guard(draft, `SELECT * FROM ${quoteIdentifier(name)}`, `view "${name}"`)),
    ...triggers.flatMap((trigger) =>
      [...(uses(trigger) ? [fireTrigger(draft, trigger)] : []), ...watchRenamed(draft, trigger)].map((sql) =>
        guard(draft, sql, `trigger "${trigger.name}"`),
      ),
    ),
  ];
}

/**
 * Words without which no view or trigger can depend on what is gone, folded: a dropped column, the rowid, a key
 * that ON CONFLICT (…) of an upsert refers to.
 */
function suspectWords(draft: Draft): ReadonlySet<string> {
  const { inspected, text, names } = draft;
  const losesRowid = text.withoutRowid && !inspected.withoutRowid;
  return new Set([
    ...draft.dropped.map(foldName),
    ...(losesRowid ? freeRowidNames(names) : []),
    ...(losesKey(draft) ? ["conflict"] : []),
  ]);
}

/** Whether fewer columns are unique than before. */
function losesKey({ inspected, text, droppedIndexes }: Draft): boolean {
  const dropsIndex = inspected.indexes.some(({ name, unique }) => unique && droppedIndexes.includes(name));
  const kept = new Set(keysOf(text));
  return dropsIndex || keysOf(parseCreateTable(inspected.sql)).some((key) => !kept.has(key));
}

/**
 * Updates that fire a trigger of a view by the old names of renamed columns. SQLite renames the column of the
 * view and leaves the list of the trigger, which then never fires.
 */
function watchRenamed(draft: Draft, { sql, table }: InspectedTrigger): readonly string[] {
  if (!draft.schema.views.some(({ name }) => isSameName(name, table))) return [];
  return [...textNames(draft).values()]
    .filter((column) => watchesColumn(sql, column))
    .map((column) => `UPDATE ${quoteIdentifier(table)} SET ${quoteIdentifier(column)} = NULL`);
}

function guard(draft: Draft, sql: string, user: string): BatchStatement {
  const { name: table } = draft.inspected;
  const columns = draft.dropped.map((column) => `"${table}.${column}"`).join(", ");
  const what = draft.dropped.length === 0 ? `change table "${table}"` : `drop column ${columns}`;
  return {
    sql: `EXPLAIN ${sql}`,
    comment: `${user} must still work`,
    guard: {
      code: "SKM_OBJECT_IN_USE",
      message: `cannot ${what}: ${user} uses ${draft.dropped.length === 0 ? "what changes" : "it"}`,
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
