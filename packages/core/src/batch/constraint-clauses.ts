import { foldName, isSameName } from "../schema/table-definition.ts";
import type { TableClause } from "../sql/table-clause.ts";
import type { TableText } from "../sql/table-text.ts";

/** A constraint of a table, written at a column or after the columns. */
export interface PlacedClause {
  readonly clause: TableClause;
  /** Index of the column that carries it, `undefined` for a table constraint. */
  readonly column: number | undefined;
  /** Index of the table constraint, `undefined` at a column. */
  readonly constraint: number | undefined;
  /** The columns it is about, as named in the text; empty for a CHECK of the table. */
  readonly columns: readonly string[];
}

/** All constraints of a table, wherever they stand. */
export function clausesOf(text: TableText): readonly PlacedClause[] {
  return [
    ...text.columns.flatMap(({ part }, column) =>
      part.clauses.map((clause) => ({ clause, column, constraint: undefined, columns: [part.name] })),
    ),
    ...text.constraints.map(({ part }, constraint) => ({
      clause: part.clause,
      column: undefined,
      constraint,
      columns: columnsOf(part.clause),
    })),
  ];
}

function columnsOf(clause: TableClause): readonly string[] {
  if (clause.kind === "foreignKey") return clause.columns ?? [];
  const isKey = clause.kind === "primaryKey" || clause.kind === "unique";
  return isKey ? (clause.columns ?? []).map(({ column }) => column) : [];
}

export function includesName(names: readonly string[], name: string): boolean {
  return names.some((other) => isSameName(other, name));
}

/** The primary key of a table, if it has one. */
export function primaryKeyClause(text: TableText): PlacedClause | undefined {
  return clausesOf(text).find(({ clause }) => clause.kind === "primaryKey");
}

/**
 * The column that is another name of the rowid: the one column of the primary key, declared INTEGER. With
 * DESC at the column it is not (lang_createtable.html#rowid), with DESC in a table constraint it is.
 */
export function rowidAlias(text: TableText): string | undefined {
  if (text.withoutRowid) return undefined;
  const key = primaryKeyClause(text);
  if (key === undefined || key.columns.length !== 1) return undefined;
  if (key.clause.kind === "primaryKey" && key.clause.order === "desc") return undefined;
  const [name = ""] = key.columns;
  const column = text.columns.find(({ part }) => isSameName(part.name, name));
  return column?.part.type?.toUpperCase() === "INTEGER" ? column.part.name : undefined;
}

/** The UNIQUE and PRIMARY KEY clauses, for which SQLite makes indexes in this order, as texts to compare. */
export function keysOf(text: TableText): readonly string[] {
  return clausesOf(text).flatMap(({ clause, columns }) => {
    if (clause.kind !== "unique" && clause.kind !== "primaryKey") return [];
    const collations = (clause.columns ?? []).map(({ collate = "" }) => foldName(collate));
    return [JSON.stringify([columns.map(foldName), collations])];
  });
}
