import type { ColumnDefinition } from "../schema/column-definition.ts";
import type {
  CheckDefinition,
  ForeignKeyDefinition,
  PrimaryKeyDefinition,
  UniqueDefinition,
} from "../schema/constraint-definition.ts";
import { isSameName, type TableDefinition } from "../schema/table-definition.ts";
import type { ForeignKeyClause, PrimaryKeyClause, TableClause } from "./table-clause.ts";
import type { ColumnPart, TableText } from "./table-text.ts";

/**
 * The definition that a CREATE TABLE text stands for. Defaults and expressions are SQL as written. Where a
 * column has a second constraint of a kind of which a definition holds one, it becomes one of the table.
 */
export function tableDefinitionOf(table: TableText): TableDefinition {
  const columns = table.columns.map(({ part }) => part);
  const clauses = table.constraints.map(({ part }) => part.clause);
  const key = clauses.find((clause) => clause.kind === "primaryKey");
  const uniques = [...columns.flatMap(extraUniques), ...clauses.flatMap(toUnique)];
  const checks = [...columns.flatMap(extraChecks), ...clauses.flatMap(toCheck)];
  const foreignKeys = [...columns.flatMap(extraForeignKeys), ...clauses.flatMap(toForeignKey)];
  return {
    name: table.name,
    columns: columns.map((part) => toColumn(part, table)),
    ...(key === undefined ? {} : { primaryKey: toPrimaryKey(key) }),
    ...(uniques.length === 0 ? {} : { uniques }),
    ...(checks.length === 0 ? {} : { checks }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys }),
    ...(table.strict ? { strict: true } : {}),
    ...(table.withoutRowid ? { withoutRowid: true } : {}),
  };
}

type ClauseOf<Kind extends TableClause["kind"]> = Extract<TableClause, { readonly kind: Kind }>;

function allOf<Kind extends TableClause["kind"]>(part: ColumnPart, kind: Kind): readonly ClauseOf<Kind>[] {
  return part.clauses.filter((clause): clause is ClauseOf<Kind> => clause.kind === kind);
}

const named = ({ name }: TableClause) => (name === undefined ? {} : { name });

const withConflict = ({ onConflict }: { readonly onConflict: PrimaryKeyDefinition["onConflict"] }) =>
  onConflict === undefined ? {} : { onConflict };

function toColumn(part: ColumnPart, table: TableText): ColumnDefinition {
  const [check] = allOf(part, "check");
  const [value] = allOf(part, "default");
  const [collate] = allOf(part, "collate");
  const [generated] = allOf(part, "generated");
  return {
    name: part.name,
    ...(part.type === undefined ? {} : { type: part.type }),
    ...toNullability(part, table),
    ...(value === undefined ? {} : { default: { kind: "sql", text: value.expression } }),
    ...(collate === undefined ? {} : { collate: collate.collation }),
    ...(generated === undefined
      ? {}
      : { generated: { as: generated.expression, ...(generated.stored ? { stored: true } : {}) } }),
    ...toColumnKeys(part),
    ...(check === undefined ? {} : { check: { ...named(check), expression: check.expression } }),
  };
}

function toColumnKeys(part: ColumnPart): Pick<ColumnDefinition, "primaryKey" | "unique" | "references"> {
  const [key] = allOf(part, "primaryKey");
  const [unique] = allOf(part, "unique");
  const reference = allOf(part, "foreignKey").find(isColumnReference);
  return {
    ...(key === undefined
      ? {}
      : {
          primaryKey: {
            ...named(key),
            ...(key.autoincrement ? { autoincrement: true } : {}),
            ...(key.order === undefined ? {} : { order: key.order }),
            ...withConflict(key),
          },
        }),
    ...(unique === undefined ? {} : { unique: { ...named(unique), ...withConflict(unique) } }),
    ...(reference === undefined ? {} : { references: toReference(part, reference) }),
  };
}

/**
 * A column of the key says that it is nullable when it is: in a table with rowids SQLite lets NULL into a
 * key (lang_createtable.html#the_primary_key).
 */
function toNullability(part: ColumnPart, table: TableText): Pick<ColumnDefinition, "nullable" | "notNull"> {
  const [notNull] = allOf(part, "notNull");
  if (notNull !== undefined) {
    const details = { ...named(notNull), ...withConflict(notNull) };
    return Object.keys(details).length === 0 ? { nullable: false } : { notNull: details };
  }
  return isKeyColumn(part, table) && !table.withoutRowid && !isStrictKey(part, table)
    ? { nullable: true }
    : {};
}

function isKeyColumn(part: ColumnPart, table: TableText): boolean {
  return (
    allOf(part, "primaryKey").length > 0 ||
    table.constraints.some(
      ({ part: { clause } }) =>
        clause.kind === "primaryKey" &&
        (clause.columns ?? []).some(({ column }) => isSameName(column, part.name)),
    )
  );
}

/** The key of a STRICT table never holds NULL (stricttables.html); an INTEGER key is the rowid. */
function isStrictKey(part: ColumnPart, table: TableText): boolean {
  return table.strict && part.type?.toUpperCase() !== "INTEGER";
}

function isColumnReference({ references }: ForeignKeyClause): boolean {
  return (references.columns ?? []).length < 2;
}

function toReference(
  part: ColumnPart,
  clause: ForeignKeyClause,
): NonNullable<ColumnDefinition["references"]> {
  const { columns, table, deferrable, ...rules } = clause.references;
  const [column] = columns ?? [];
  const [late] = allOf(part, "deferrable");
  const when = late?.deferrable ?? deferrable;
  return {
    ...named(clause),
    table,
    ...(column === undefined ? {} : { column }),
    ...rules,
    ...(when === undefined ? {} : { deferrable: when }),
  };
}

function toPrimaryKey(clause: PrimaryKeyClause): PrimaryKeyDefinition {
  return {
    ...named(clause),
    columns: clause.columns ?? [],
    ...(clause.autoincrement ? { autoincrement: true } : {}),
    ...withConflict(clause),
  };
}

function toUnique(clause: TableClause): readonly UniqueDefinition[] {
  if (clause.kind !== "unique") return [];
  return [{ ...named(clause), columns: clause.columns ?? [], ...withConflict(clause) }];
}

function toCheck(clause: TableClause): readonly CheckDefinition[] {
  return clause.kind === "check" ? [{ ...named(clause), expression: clause.expression }] : [];
}

function toForeignKey(clause: TableClause): readonly ForeignKeyDefinition[] {
  if (clause.kind !== "foreignKey") return [];
  return [{ ...named(clause), columns: clause.columns ?? [], references: clause.references }];
}

function extraUniques(part: ColumnPart): readonly UniqueDefinition[] {
  const columns = [{ column: part.name }];
  return allOf(part, "unique")
    .slice(1)
    .flatMap((clause) => toUnique({ ...clause, columns }));
}

function extraChecks(part: ColumnPart): readonly CheckDefinition[] {
  return allOf(part, "check").slice(1).flatMap(toCheck);
}

function extraForeignKeys(part: ColumnPart): readonly ForeignKeyDefinition[] {
  const columns = [part.name];
  return allOf(part, "foreignKey")
    .slice(1)
    .flatMap((clause) => toForeignKey({ ...clause, columns }));
}
