import type { DatabaseSchema } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { parseCreateTable } from "../sql/parse-create-table.ts";
import { printTable } from "../sql/print-table.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { dropIndexStatement } from "./apply-index.ts";
import type { BatchStatement } from "./batch-plan.ts";
import { keysOf, primaryKeyClause } from "./constraint-clauses.ts";
import { copyStatements } from "./copy-statements.ts";
import type { Draft } from "./draft.ts";
import { dependentsOf, withSiblings } from "./find-dependents.ts";
import { indexWithSingleQuotes } from "./quoted-strings.ts";
import { repairFirst } from "./guard-statements.ts";
import { mentionsName } from "./mentions.ts";
import { nameNewTable } from "./name-new-table.ts";

/**
 * The statements that put a changed table in the place of the old one. They follow the procedure of
 * lang_altertable.html#otheralter, with what it leaves to the reader: everything that mentions the table is
 * gone while the table is, or RENAME would fail on it; rowids, the AUTOINCREMENT counter and the statistics
 * move along. The names of the old table stand in every other object untouched, because nothing but the
 * temporary name is ever renamed.
 */
export function rebuildStatements(draft: Draft): readonly BatchStatement[] {
  const { schema, inspected } = draft;
  const { name } = inspected;
  const { views, triggers: mentioning } = dependentsOf(schema, name);
  const triggers = withSiblings(schema, mentioning);
  const fresh = freshName(schema, name);
  const [table, temporary] = [quoteIdentifier(name), quoteIdentifier(fresh)];
  const columns = inspected.columns.map((column) => column.name);
  const recreate = (sql: string, what: string): BatchStatement => ({
    sql,
    comment: `rebuild "${name}": create ${what} again`,
    guard: {
      code: "SKM_OBJECT_IN_USE",
      message: `cannot rebuild table "${name}": ${what} does not fit the changed table`,
      tellsCause: true,
      details: { object: name, users: [what] },
      hint: "drop it before the change, or repair the rows that it refuses",
    },
  });
  const step = (sql: string, what: string): BatchStatement => ({
    sql,
    comment: `rebuild "${name}": ${what}`,
  });
  return [
    ...draft.droppedIndexes.map(dropIndexStatement),
    ...triggers.map((one) => step(`DROP TRIGGER ${quoteIdentifier(one.name)}`, "drop what mentions it")),
    ...views
      .toReversed()
      .map((one) => step(`DROP VIEW ${quoteIdentifier(one.name)}`, "drop what mentions it")),
    step(printTable(nameNewTable(draft.text, fresh)), "create the new table"),
    ...copyStatements(draft, fresh),
    ...sameCount(draft, fresh),
    ...moveCounter(draft, fresh),
    ...moveStatistics(draft, name, fresh),
    step(`DROP TABLE ${table}`, "drop the old table"),
    {
      ...step(`ALTER TABLE ${temporary} RENAME TO ${table}`, "give the new table its name"),
      guard: {
        code: "SKM_MIGRATION_FAILED",
        message: `cannot rebuild table "${name}"`,
        tellsCause: true,
        details: { table: name },
        hint: brokenBefore,
      },
    },
    ...moveStatistics(draft, fresh, name),
    ...dropKeyStatistics(draft),
    ...draft.indexes.map((index) =>
      recreate(indexWithSingleQuotes(index.sql ?? "", columns), `index "${index.name}"`),
    ),
    ...views.map((view) => recreate(view.sql, `view "${view.name}"`)),
    ...triggers.map((trigger) => recreate(trigger.sql, `trigger "${trigger.name}"`)),
    ...draft.afterRebuild.map(({ statement }) => statement),
  ];
}

/**
 * A name that no object has, whatever is left over from whom, and none refers to: RENAME would turn a reference
 * to nothing into one to the table.
 */
function freshName({ names, temporary, tables, views, triggers }: DatabaseSchema, table: string): string {
  const taken = new Set([...names, ...temporary].map(foldName));
  const texts = [...tables, ...views, ...triggers].map(({ sql }) => sql).filter((sql) => /_new_/iu.test(sql));
  // A name of ours has at most 1,024 characters, SQLite's has no limit.
  const base = table.length < 1000 ? `_new_${table}` : "_new_table";
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(foldName(name)) && !texts.some((sql) => mentionsName(sql, name))) return name;
  }
}

/** Renaming anything, SQLite compiles every view and trigger (lang_altertable.html#alter_table_rename). */
const brokenBefore =
  "it was broken before, and SQLite renames nothing while one is: repair or drop it first, in this revision or one before";

/** Where nobody has counted the rows before, as for a script, the copy is compared with the table. */
function sameCount({ inspected, context }: Draft, fresh: string): readonly BatchStatement[] {
  if (context.rows !== undefined) return [];
  const { name } = inspected;
  const [table, temporary] = [quoteIdentifier(name), quoteIdentifier(fresh)];
  return [
    {
      sql: `SELECT CASE WHEN (SELECT count(*) FROM ${temporary}) <> (SELECT count(*) FROM ${table}) THEN json('rows were lost') END`,
      comment: `rebuild "${name}": every row must be there`,
      guard: {
        code: "SKM_ROWCOUNT",
        message: `cannot rebuild table "${name}": the copy has another number of rows`,
        details: { table: name },
        hint: repairFirst,
      },
    },
  ];
}

/** Without it, ids of deleted rows would be given again (autoinc.html). */
function moveCounter({ text, inspected, schema }: Draft, fresh: string): readonly BatchStatement[] {
  const key = primaryKeyClause(text)?.clause;
  const isCounted = key?.kind === "primaryKey" && key.autoincrement;
  if (!isCounted || !schema.names.includes("sqlite_sequence")) return [];
  const comment = `rebuild "${inspected.name}": keep the AUTOINCREMENT counter`;
  const [old, temporary] = [renderLiteral(inspected.name), renderLiteral(fresh)];
  const hasCounter = `EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ${old})`;
  return [
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${temporary} AND ${hasCounter}`, comment },
    {
      sql: `INSERT INTO sqlite_sequence (name, seq) SELECT ${temporary}, seq FROM sqlite_sequence WHERE name = ${old}`,
      comment,
    },
  ];
}

/** DROP TABLE deletes the statistics under the name of the table (fileformat2.html#stat1tab). */
function moveStatistics({ schema, inspected }: Draft, from: string, to: string): readonly BatchStatement[] {
  return statisticsTables(schema).map((statistics) => ({
    sql: `UPDATE ${statistics} SET tbl = ${renderLiteral(to)} WHERE tbl = ${renderLiteral(from)}`,
    comment: `rebuild "${inspected.name}": keep the statistics`,
  }));
}

/** The indexes of keys are numbered: after another key is gone, the number belongs to another index. */
function dropKeyStatistics({ schema, inspected, text }: Draft): readonly BatchStatement[] {
  const before = keysOf(parseCreateTable(inspected.sql));
  const after = keysOf(text);
  if (before.every((key, index) => after[index] === key)) return [];
  return statisticsTables(schema).map((statistics) => ({
    sql: `DELETE FROM ${statistics} WHERE tbl = ${renderLiteral(inspected.name)} AND idx LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'`,
    comment: `rebuild "${inspected.name}": forget the statistics of its keys, which are others now`,
  }));
}

const statisticsTables = ({ names }: DatabaseSchema): readonly string[] =>
  ["sqlite_stat1", "sqlite_stat4"].filter((statistics) => names.includes(statistics));
