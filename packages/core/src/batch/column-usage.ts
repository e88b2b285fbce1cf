import type { InspectedForeignKey, InspectedTable } from "../schema/database-schema.ts";
import { isSameName } from "../schema/table-definition.ts";
import { isOperator, isWord } from "../sql/statement-span.ts";
import type { TableClause } from "../sql/table-clause.ts";
import { nextToken } from "../sql/token.ts";
import { unquoteToken } from "../sql/unquote-token.ts";
import { clausesOf, includesName, type PlacedClause } from "./constraint-clauses.ts";
import { columnAt, type Draft } from "./draft.ts";
import { contentReaders, dependentsOf } from "./find-dependents.ts";
import { mentionsName, refersToColumn } from "./mentions.ts";

/** What uses a column, in words, so that dropping it can be refused before anything changes. */
export function usersOfColumn(draft: Draft, index: number): readonly string[] {
  const { name } = columnAt(draft, index).part;
  return [
    ...clausesOf(draft.text)
      .filter((placed) => placed.column !== index && usesColumn(draft, placed, name))
      .map((placed) => describeClause(draft, placed)),
    ...draft.indexes.filter((one) => indexUses(one, name)).map((one) => `index "${one.name}"`),
    ...foreignUsers(draft, name),
    ...triggerUsers(draft, name),
    ...contentUsers(draft, name),
    ...naturalUsers(draft, name),
  ];
}

/** The constraints that are about this column alone and go with it. */
export function ownConstraints(draft: Draft, name: string): readonly number[] {
  return clausesOf(draft.text).flatMap(({ clause, constraint, columns }) => {
    const goesAlong = clause.kind === "unique" || clause.kind === "foreignKey";
    const isAlone = columns.length === 1 && includesName(columns, name);
    return constraint !== undefined && goesAlong && isAlone ? [constraint] : [];
  });
}

function usesColumn(draft: Draft, { clause, columns, constraint }: PlacedClause, name: string): boolean {
  if (clause.kind === "check" || clause.kind === "generated") return refersToColumn(clause.expression, name);
  const isIncluded = constraint !== undefined && includesName(columns, name);
  if (clause.kind === "primaryKey") return isIncluded;
  if (isSelfReference(draft, clause, name)) return true;
  const isKey = clause.kind === "unique" || clause.kind === "foreignKey";
  return isKey && isIncluded && columns.length > 1;
}

function isSelfReference(draft: Draft, clause: TableClause, name: string): boolean {
  if (clause.kind !== "foreignKey") return false;
  const { table, columns = [] } = clause.references;
  return isSameName(table, draft.inspected.name) && includesName(columns, name);
}

function describeClause(draft: Draft, { clause, column }: PlacedClause): string {
  const nouns: Partial<Record<TableClause["kind"], string>> = {
    check: "check",
    generated: "generated column",
    foreignKey: "foreign key",
    unique: "unique constraint",
    primaryKey: "the primary key",
  };
  const noun = nouns[clause.kind] ?? clause.kind;
  if (clause.name !== undefined) return `${noun} "${clause.name}"`;
  return column === undefined ? noun : `${noun} "${columnAt(draft, column).part.name}"`;
}

function indexUses(
  index: { readonly columns: readonly { readonly name: string | null }[]; readonly sql: string | null },
  name: string,
): boolean {
  if (index.columns.some((column) => column.name !== null && isSameName(column.name, name))) return true;
  const sql = index.sql ?? "";
  return refersToColumn(sql.slice(sql.indexOf("(")), name);
}

function foreignUsers(draft: Draft, name: string): readonly string[] {
  return draft.schema.tables
    .filter((table) => !isSameName(table.name, draft.inspected.name))
    .filter((table) => table.foreignKeys.some((key) => refersTo(key, draft.inspected, name)))
    .map((table) => `a foreign key of table "${table.name}"`);
}

function refersTo(key: InspectedForeignKey, parent: InspectedTable, name: string): boolean {
  if (!isSameName(key.table, parent.name)) return false;
  const columns =
    key.references ?? parent.columns.filter((column) => column.primaryKey > 0).map((column) => column.name);
  return includesName(columns, name);
}

/**
 * Views and triggers that join tables by all columns of the same name, of which this may be one: without it the
 * join gives other rows, and SQLite says nothing.
 */
export function naturalUsers({ schema, inspected }: Draft, name: string): readonly string[] {
  const { triggers, views } = dependentsOf(schema, inspected.name);
  const others = schema.tables
    .filter((table) => !isSameName(table.name, inspected.name))
    .filter(({ columns }) => columns.some((column) => isSameName(column.name, name)));
  const joins = ({ sql }: { readonly sql: string }): boolean =>
    hasWord(sql, "NATURAL") && others.some((other) => mentionsName(sql, other.name));
  return [
    ...views.filter(joins).map((view) => `view "${view.name}"`),
    ...triggers.filter(joins).map((trigger) => `trigger "${trigger.name}"`),
  ];
}

function hasWord(sql: string, word: string): boolean {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (isWord(sql, token, word)) return true;
  }
  return false;
}

/** Virtual tables that would look for the column by its name. */
export function contentUsers({ schema, inspected }: Draft, name: string): readonly string[] {
  return contentReaders(schema, inspected.name, name).map((reader) => `virtual table "${reader}"`);
}

/** Triggers that use the column beyond doubt; the others are asked of SQLite after the change. */
function triggerUsers(draft: Draft, name: string): readonly string[] {
  const { triggers } = draft.schema;
  return triggers
    .filter((trigger) => isSameName(trigger.table, draft.inspected.name))
    .filter((trigger) => namesRowColumn(trigger.sql, name) || watchesColumn(trigger.sql, name))
    .map((trigger) => `trigger "${trigger.name}"`);
}

/** `NEW.name` or `OLD.name` */
function namesRowColumn(sql: string, name: string): boolean {
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (!isWord(sql, token, "NEW") && !isWord(sql, token, "OLD")) continue;
    const dot = nextToken(sql, token.end);
    const column = dot === undefined ? undefined : nextToken(sql, dot.end);
    if (!isOperator(sql, dot, ".") || column === undefined) continue;
    if (isSameName(unquoteToken(sql, column), name)) return true;
  }
  return false;
}

/** `UPDATE OF name ON`: SQLite keeps such a trigger without the column, and never fires it. */
export function watchesColumn(sql: string, name: string): boolean {
  let isInList = false;
  for (let token = nextToken(sql, 0); token !== undefined; token = nextToken(sql, token.end)) {
    if (isWord(sql, token, "ON")) return false;
    if (isInList && isSameName(unquoteToken(sql, token), name)) return true;
    isInList ||= isWord(sql, token, "OF");
  }
  return false;
}

/**
 * Views and triggers that have the name of the column in quotes: without the column SQLite would take it for
 * a string and say nothing (quirks.html#double_quoted_string_literals_are_accepted).
 */
export function quotedUsers(draft: Draft, name: string): readonly string[] {
  const { triggers, views } = dependentsOf(draft.schema, draft.inspected.name);
  const quoted = `"${name.toLowerCase().replaceAll('"', '""')}"`;
  const uses = (sql: string): boolean => sql.toLowerCase().includes(quoted) && mentionsName(sql, name);
  return [
    ...views.filter((view) => uses(view.sql)).map((view) => `view "${view.name}"`),
    ...triggers.filter((trigger) => uses(trigger.sql)).map((trigger) => `trigger "${trigger.name}"`),
  ];
}
