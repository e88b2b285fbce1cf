import { describeReference } from "../ops/describe-change.ts";
import type {
  ConstraintDefinition,
  ConstraintKind,
  ConstraintReference,
  DropConstraintChange,
} from "../ops/table-change.ts";
import type { CheckDefinition } from "../schema/constraint-definition.ts";
import { textOf } from "../schema/sql-fragment.ts";
import { isSameName, keyColumnOf } from "../schema/table-definition.ts";
import { withoutClause } from "../sql/edit-column.ts";
import { addConstraint, removeConstraint, replaceColumn } from "../sql/edit-table.ts";
import { parenthesize } from "../sql/expression.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderCheck, renderForeignKey, renderPrimaryKey, renderUnique } from "../sql/render-constraint.ts";
import { assertNever } from "../util/assert-never.ts";
import type { TableText } from "../sql/table-text.ts";
import type { Guard } from "./batch-plan.ts";
import { clausesOf, primaryKeyClause, type PlacedClause } from "./constraint-clauses.ts";
import { columnAt, columnIndex, textNames, withNative, type Draft } from "./draft.ts";
import { renameColumns } from "./mentions.ts";
import { conventionalName } from "./naming-convention.ts";
import { conflictError, missingError, type Attempt } from "./object-error.ts";
import { withSingleQuotes } from "./quoted-strings.ts";
import { isSameSql } from "./same-sql.ts";

/** Adds a table constraint after all others; a new primary key takes the place of the old one. */
export function applyCreateConstraint(draft: Draft, definition: ConstraintDefinition): Draft {
  const table = draft.inspected.name;
  const { name } = definition.constraint;
  const attempt: Attempt = { verb: "add a constraint to", object: table };
  const old = definition.kind === "primaryKey" ? primaryKeyClause(draft.text) : undefined;
  const base = old === undefined ? draft.text : removeClause(draft, old);
  if (name !== undefined && clausesOf(base).some(({ clause }) => isNamed(clause.name, name))) {
    throw conflictError(attempt, `it has a constraint "${name}"`, "drop that first, or choose another name");
  }
  const text = addConstraint(base, render(draft, definition, attempt));
  if (definition.kind !== "check" || !draft.context.alterConstraints) {
    return withNative({ ...draft, text }, { reason: `add a ${definition.kind} constraint` });
  }
  const { constraint } = definition;
  const sql = `ALTER TABLE ${quoteIdentifier(table)} ADD ${renderCheck(constraint)}`;
  return withNative(
    { ...draft, text },
    { statements: [{ sql, comment: `add a check to "${table}"`, guard: brokenCheck(table, constraint) }] },
  );
}

/** SQLite says "constraint failed" and no more. */
function brokenCheck(table: string, { name, expression }: CheckDefinition): Guard {
  const rows = `SELECT * FROM ${quoteIdentifier(table)} WHERE NOT ${parenthesize(textOf(expression))}`;
  return {
    code: "SKM_MIGRATION_FAILED",
    message: `cannot add a check${name === undefined ? "" : ` "${name}"`} to table "${table}"`,
    tellsCause: true,
    details: { table, ...(name === undefined ? {} : { constraint: name }) },
    hint: `the rows that break it are found with ${rows}`,
  };
}

function isNamed(found: string | undefined, name: string): boolean {
  return found !== undefined && isSameName(found, name);
}

function render(draft: Draft, definition: ConstraintDefinition, attempt: Attempt): string {
  const names = textNames(draft);
  const column = (name: string): string => {
    const index = columnIndex(draft, name, attempt);
    return columnAt(draft, index).part.name === draft.names[index] ? name : columnAt(draft, index).part.name;
  };
  const key = (one: Parameters<typeof keyColumnOf>[0]) => {
    const full = keyColumnOf(one);
    return { ...full, column: column(full.column) };
  };
  switch (definition.kind) {
    case "primaryKey":
      return renderPrimaryKey({
        ...definition.constraint,
        columns: definition.constraint.columns.map(key),
      });
    case "unique":
      return renderUnique({ ...definition.constraint, columns: definition.constraint.columns.map(key) });
    case "check": {
      const expression = renameColumns(textOf(definition.constraint.expression), names);
      return renderCheck({ ...definition.constraint, expression });
    }
    case "foreignKey": {
      const { constraint } = definition;
      const { references } = constraint;
      const isSelf = isSameName(references.table, draft.inspected.name);
      const targets =
        isSelf && references.columns !== undefined ? { columns: references.columns.map(column) } : {};
      return renderForeignKey({
        ...constraint,
        columns: constraint.columns.map(column),
        references: { ...references, ...targets },
      });
    }
    default:
      return assertNever(definition);
  }
}

export function applyDropConstraint(draft: Draft, change: DropConstraintChange): Draft {
  const { constraint: reference } = change;
  const table = draft.inspected.name;
  const candidates = candidatesFor(draft, reference);
  if (change.ifExists === true && candidates.length === 0) return draft;
  const placed = choose(draft, candidates, reference);
  const { clause } = placed;
  const next = { ...draft, text: removeClause(draft, placed) };
  const isNative = draft.context.alterConstraints && (clause.kind === "check" || clause.kind === "notNull");
  // SQLite drops the first one of the name, whatever it is.
  const { name } = clause;
  const isAlone =
    clausesOf(draft.text).filter((other) => isNamed(other.clause.name, name ?? "")).length === 1;
  if (!isNative || name === undefined || !isAlone) {
    return withNative(next, { reason: `drop the ${describeReference(reference)}` });
  }
  const sql = `ALTER TABLE ${quoteIdentifier(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`;
  return withNative(next, {
    statements: [{ sql, comment: `drop constraint "${name}" of "${table}"` }],
  });
}

function removeClause(draft: Draft, { clause, column, constraint }: PlacedClause): TableText {
  if (constraint !== undefined) return removeConstraint(draft.text, constraint);
  if (column === undefined) return draft.text;
  return replaceColumn(draft.text, column, withoutClause(columnAt(draft, column), clause));
}

const droppable: ReadonlySet<string> = new Set<ConstraintKind>([
  "primaryKey",
  "unique",
  "check",
  "foreignKey",
  "notNull",
]);

function constraintsOf(draft: Draft): readonly PlacedClause[] {
  return clausesOf(draft.text).filter(({ clause }) => droppable.has(clause.kind));
}

/** The constraints of this name, whatever their kind, or those that say this. */
function candidatesFor(draft: Draft, reference: ConstraintReference): readonly PlacedClause[] {
  const all = constraintsOf(draft);
  return reference.name === undefined
    ? all.filter((placed) => fits(draft, placed, reference))
    : findByName(draft, all, reference.name);
}

function choose(
  draft: Draft,
  candidates: readonly PlacedClause[],
  reference: ConstraintReference,
): PlacedClause {
  const { name, kind } = reference;
  const attempt: Attempt = {
    verb: `drop the ${kind === undefined ? "constraint" : `${kind} constraint`} of`,
    object: draft.inspected.name,
  };
  const found = candidates.filter(({ clause }) => kind === undefined || clause.kind === kind);
  // One with a name can be told by it; who tells what it says means one without.
  const best = found.find(({ clause }) => clause.name === undefined) ?? found[0];
  if (best !== undefined) return best;
  const [other] = candidates;
  const known = constraintsOf(draft).flatMap(({ clause }) => clause.name ?? []);
  if (other !== undefined) {
    throw missingError(attempt, `"${name ?? ""}" is a ${other.clause.kind} constraint`, known);
  }
  throw missingError(attempt, `it has no ${describeReference(reference)}`, known);
}

function findByName(draft: Draft, all: readonly PlacedClause[], name: string): readonly PlacedClause[] {
  const exact = all.filter(({ clause }) => isNamed(clause.name, name));
  if (exact.length > 0) return exact;
  const pattern = draft.namingConvention;
  return all.filter(
    (placed) =>
      placed.clause.name === undefined &&
      isNamed(conventionalName(pattern, draft.inspected.name, placed), name),
  );
}

function fits(draft: Draft, { clause, columns }: PlacedClause, reference: ConstraintReference): boolean {
  if (clause.kind !== reference.kind) return false;
  if (reference.expression !== undefined) {
    const columns = draft.inspected.columns.map(({ name }) => name);
    const wanted = withSingleQuotes(renameColumns(textOf(reference.expression), textNames(draft)), columns);
    return clause.kind === "check" && isSameSql(clause.expression, wanted);
  }
  if (reference.columns === undefined) return true;
  const names = textNames(draft);
  const wanted = reference.columns.map((column) => renameColumns(quoteIdentifier(column), names));
  return (
    wanted.length === columns.length &&
    wanted.every((column, index) => isSameSql(column, quoteIdentifier(columns[index] ?? "")))
  );
}
