import { quoteForMessage } from "../errors/quote-for-message.ts";
import { keyColumnOf } from "../schema/table-definition.ts";
import { assertNever } from "../util/assert-never.ts";
import type {
  AlterColumnChange,
  AlterTableOptionsChange,
  ConstraintDefinition,
  ConstraintKind,
  ConstraintReference,
  TableChange,
} from "./table-change.ts";

/** Says what one change of a batch does, such as `drop check "ck_users_role"`. */
export function describeChange(change: TableChange): string {
  switch (change.kind) {
    case "addColumn":
      return `add column ${quoteForMessage(change.column.name)}`;
    case "dropColumn":
      return `drop column ${quoteForMessage(change.column)}`;
    case "alterColumn":
      return describeAlter(change);
    case "createConstraint":
      return `add ${describeConstraint(change.definition)}`;
    case "dropConstraint":
      return `drop ${describeReference(change.constraint)}`;
    case "createIndex":
      return `create index ${quoteForMessage(change.index.name)}`;
    case "dropIndex":
      return `drop index ${quoteForMessage(change.index)}`;
    case "alterTableOptions":
      return describeOptions(change);
    default:
      return assertNever(change);
  }
}

function describeOptions({ strict, withoutRowid }: AlterTableOptionsChange): string {
  const words = [
    ...(strict === undefined ? [] : [strict ? "STRICT" : "not STRICT"]),
    ...(withoutRowid === undefined ? [] : [withoutRowid ? "WITHOUT ROWID" : "with rowids"]),
  ];
  return `make it ${words.join(" and ")}`;
}

function describeAlter(change: AlterColumnChange): string {
  const { column, changes, insertBefore, insertAfter } = change;
  const { name, nullable, ...others } = changes;
  const parts = [
    ...(name === undefined ? [] : [`rename to ${quoteForMessage(name)}`]),
    ...(nullable === undefined ? [] : [nullable ? "drop NOT NULL" : "set NOT NULL"]),
    ...Object.keys(others).map((property) => `change ${property}`),
    ...(insertBefore === undefined ? [] : [`move before ${quoteForMessage(insertBefore)}`]),
    ...(insertAfter === undefined ? [] : [`move after ${quoteForMessage(insertAfter)}`]),
  ];
  return `column ${quoteForMessage(column)}: ${parts.length === 0 ? "no change" : parts.join(", ")}`;
}

const nouns: Readonly<Record<ConstraintKind, string>> = {
  primaryKey: "primary key",
  unique: "unique constraint",
  check: "check",
  foreignKey: "foreign key",
  notNull: "NOT NULL",
};

/** The words for a kind of constraint. */
export function constraintNoun(kind: ConstraintKind): string {
  return nouns[kind];
}

function describeConstraint({ kind, constraint }: ConstraintDefinition): string {
  if (constraint.name !== undefined) return `${nouns[kind]} ${quoteForMessage(constraint.name)}`;
  if (kind === "check") return nouns.check;
  const columns = constraint.columns.map((column) => keyColumnOf(column).column);
  return `${nouns[kind]} on ${columns.map((column) => quoteForMessage(column)).join(", ")}`;
}

/** Says which constraint is meant. */
export function describeReference({ name, kind, columns }: ConstraintReference): string {
  const noun = kind === undefined ? "constraint" : nouns[kind];
  if (name !== undefined) return `${noun} ${quoteForMessage(name)}`;
  if (columns === undefined) return noun;
  return `${noun} on ${columns.map((column) => quoteForMessage(column)).join(", ")}`;
}
