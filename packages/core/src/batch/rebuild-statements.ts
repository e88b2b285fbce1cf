import { foldName } from "../schema/table-definition.ts";
import { printTable } from "../sql/print-table.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderLiteral } from "../sql/render-literal.ts";
import { dropIndexStatement } from "./apply-index.ts";
import type { BatchStatement } from "./batch-plan.ts";
import { primaryKeyClause } from "./constraint-clauses.ts";
import { copyStatements } from "./copy-statements.ts";
import type { Draft } from "./draft.ts";
import { dependentsOf, withSiblings } from "./find-dependents.ts";
import { repairFirst } from "./guard-statements.ts";
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
  const fresh = freshName(schema.names, name);
  const [table, temporary] = [quoteIdentifier(name), quoteIdentifier(fresh)];
  const recreate = (sql: string, what: string): BatchStatement => ({
    sql,
    comment: `rebuild "${name}": create ${what} again`,
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
    step(`ALTER TABLE ${temporary} RENAME TO ${table}`, "give the new table its name"),
    ...moveStatistics(draft, fresh, name),
    ...draft.indexes.map((index) => recreate(index.sql ?? "", `index "${index.name}"`)),
    ...views.map((view) => recreate(view.sql, `view "${view.name}"`)),
    ...triggers.map((trigger) => recreate(trigger.sql, `trigger "${trigger.name}"`)),
    ...draft.afterRebuild.map(({ statement }) => statement),
  ];
}

/** A name that no object has, whatever is left over from whom. */
function freshName(names: readonly string[], table: string): string {
  const taken = new Set(names.map(foldName));
  const base = `_new_${table}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(foldName(name))) return name;
  }
}

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
  return ["sqlite_stat1", "sqlite_stat4"]
    .filter((statistics) => schema.names.includes(statistics))
    .map((statistics) => ({
      sql: `UPDATE ${statistics} SET tbl = ${renderLiteral(to)} WHERE tbl = ${renderLiteral(from)}`,
      comment: `rebuild "${inspected.name}": keep the statistics`,
    }));
}
