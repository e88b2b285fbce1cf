import type {
  CheckDefinition,
  ConflictResolution,
  Deferrable,
  ForeignKeyDefinition,
  ForeignKeyRules,
  KeyColumn,
  PrimaryKeyDefinition,
  UniqueDefinition,
} from "../schema/constraint-definition.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { keyColumnOf } from "../schema/table-definition.ts";
import { parenthesize } from "./expression.ts";
import { quoteIdentifier, quoteIdentifierList } from "./quote-identifier.ts";

/** `CONSTRAINT name ` with the space after it, or nothing. */
export function renderConstraintName(name: string | undefined): string {
  return name === undefined ? "" : `CONSTRAINT ${quoteIdentifier(name)} `;
}

/** ` ON CONFLICT …` with the space before it, or nothing. */
export function renderConflict(resolution: ConflictResolution | undefined): string {
  return resolution === undefined ? "" : ` ON CONFLICT ${resolution.toUpperCase()}`;
}

export function renderPrimaryKey(key: PrimaryKeyDefinition): string {
  const autoincrement = key.autoincrement === true ? " AUTOINCREMENT" : "";
  const columns = renderKeyColumns(key.columns, autoincrement);
  return `${renderConstraintName(key.name)}PRIMARY KEY ${columns}${renderConflict(key.onConflict)}`;
}

export function renderUnique(unique: UniqueDefinition): string {
  const columns = renderKeyColumns(unique.columns, "");
  return `${renderConstraintName(unique.name)}UNIQUE ${columns}${renderConflict(unique.onConflict)}`;
}

export function renderCheck(check: CheckDefinition): string {
  return `${renderConstraintName(check.name)}CHECK ${parenthesize(textOf(check.expression))}`;
}

export function renderForeignKey(key: ForeignKeyDefinition): string {
  const { table, columns } = key.references;
  const head = `${renderConstraintName(key.name)}FOREIGN KEY ${quoteIdentifierList(key.columns)}`;
  return `${head} ${renderReferences(table, columns, key.references)}`;
}

/** The REFERENCES clause of a column or a table constraint (syntax/foreign-key-clause.html). */
export function renderReferences(
  table: string,
  columns: readonly string[] | undefined,
  rules: ForeignKeyRules,
): string {
  let sql = `REFERENCES ${quoteIdentifier(table)}`;
  if (columns !== undefined) sql += ` ${quoteIdentifierList(columns)}`;
  if (rules.onDelete !== undefined) sql += ` ON DELETE ${rules.onDelete.toUpperCase()}`;
  if (rules.onUpdate !== undefined) sql += ` ON UPDATE ${rules.onUpdate.toUpperCase()}`;
  if (rules.match !== undefined) sql += ` MATCH ${quoteIdentifier(rules.match)}`;
  return sql + renderDeferrable(rules.deferrable);
}

function renderDeferrable(deferrable: Deferrable | undefined): string {
  if (deferrable === undefined) return "";
  if (typeof deferrable === "boolean") return deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  return ` DEFERRABLE ${deferrable.toUpperCase()}`;
}

/** AUTOINCREMENT stands inside the parentheses of a table-level key. */
function renderKeyColumns(columns: readonly KeyColumn[], suffix: string): string {
  const parts = columns.map(keyColumnOf).map(({ column, collate, order }) => {
    const collation = collate === undefined ? "" : ` COLLATE ${quoteIdentifier(collate)}`;
    return `${quoteIdentifier(column)}${collation}${order === undefined ? "" : ` ${order.toUpperCase()}`}`;
  });
  return `(${parts.join(", ")}${suffix})`;
}
