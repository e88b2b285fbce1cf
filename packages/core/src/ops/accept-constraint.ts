import type {
  CheckDefinition,
  ConflictResolution,
  Deferrable,
  ForeignKeyDefinition,
  ForeignKeyRules,
  ForeignKeyTarget,
  KeyColumn,
  KeyColumnDefinition,
  PrimaryKeyDefinition,
  SortOrder,
  UniqueDefinition,
} from "../schema/constraint-definition.ts";
import { isSqlFragment, type SqlText } from "../schema/sql-fragment.ts";
import { acceptBoolean, booleanOr, list, object, oneOf, type Accept } from "./accept.ts";
import { acceptExpression, acceptName } from "./accept-sql.ts";

export const acceptConflict: Accept<ConflictResolution> = oneOf(
  "rollback",
  "abort",
  "fail",
  "ignore",
  "replace",
);
export const acceptOrder: Accept<SortOrder> = oneOf("asc", "desc");

const acceptAction = oneOf("no action", "restrict", "set null", "set default", "cascade");
const acceptDeferrable: Accept<Deferrable> = booleanOr(oneOf("initially immediate", "initially deferred"));

/** The checks of the properties that every kind of foreign key has. */
export const foreignKeyRules: {
  readonly [Key in keyof ForeignKeyRules]-?: Accept<Exclude<ForeignKeyRules[Key], undefined>>;
} = {
  onDelete: acceptAction,
  onUpdate: acceptAction,
  match: acceptName,
  deferrable: acceptDeferrable,
};

const acceptKeyColumnObject = object<KeyColumnDefinition>(
  { column: acceptName, collate: acceptName, order: acceptOrder },
  ["column"],
);

const acceptKeyColumn: Accept<KeyColumn> = (value, place) =>
  typeof value === "object" && value !== null
    ? acceptKeyColumnObject(value, place)
    : acceptName(value, place);

const acceptKeyColumns = list(acceptKeyColumn);

const acceptPrimaryKeyObject = object<PrimaryKeyDefinition>(
  { name: acceptName, columns: acceptKeyColumns, autoincrement: acceptBoolean, onConflict: acceptConflict },
  ["columns"],
);

const acceptUniqueObject = object<UniqueDefinition>(
  { name: acceptName, columns: acceptKeyColumns, onConflict: acceptConflict },
  ["columns"],
);

const acceptCheckObject = object<CheckDefinition>({ name: acceptName, expression: acceptExpression }, [
  "expression",
]);

export const acceptPrimaryKey: Accept<readonly KeyColumn[] | PrimaryKeyDefinition> = (value, place) =>
  Array.isArray(value) ? acceptKeyColumns(value, place) : acceptPrimaryKeyObject(value, place);

export const acceptUnique: Accept<readonly KeyColumn[] | UniqueDefinition> = (value, place) =>
  Array.isArray(value) ? acceptKeyColumns(value, place) : acceptUniqueObject(value, place);

export const acceptCheck: Accept<SqlText | CheckDefinition> = (value, place) =>
  typeof value === "string" || isSqlFragment(value)
    ? acceptExpression(value, place)
    : acceptCheckObject(value, place);

const acceptForeignKeyTarget = object<ForeignKeyTarget>(
  { table: acceptName, columns: list(acceptName), ...foreignKeyRules },
  ["table"],
);

export const acceptForeignKey: Accept<ForeignKeyDefinition> = object<ForeignKeyDefinition>(
  { name: acceptName, columns: list(acceptName), references: acceptForeignKeyTarget },
  ["columns", "references"],
);
