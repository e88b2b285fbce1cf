import type { ConstraintDefinition, ConstraintReference } from "../ops/table-change.ts";
import type { KeyColumn } from "../schema/constraint-definition.ts";
import { textOf } from "../schema/sql-fragment.ts";
import {
  checkOf,
  foldName,
  keyColumnOf,
  uniquesOf,
  type TableDefinition,
} from "../schema/table-definition.ts";
import { assertNever } from "../util/assert-never.ts";
import { normalExpression } from "./normal-sql.ts";

/** A UNIQUE, CHECK or FOREIGN KEY, wherever it is written. */
export interface ConstraintModel {
  readonly definition: Exclude<ConstraintDefinition, { readonly kind: "primaryKey" }>;
  /** The column in whose definition it stands. */
  readonly owner: string | undefined;
}

/** What the meaning of a constraint depends on outside of its own text. */
export interface ConstraintContext {
  /** The name of the table. */
  readonly table: string;
  /** The collation of a column, `BINARY` unless told. */
  readonly collationOf: (column: string) => string;
  /** The primary key of a table: what a foreign key without columns refers to. */
  readonly keyOf: (table: string) => readonly string[];
}

export function listConstraints(table: TableDefinition): readonly ConstraintModel[] {
  return [
    ...table.columns.flatMap((column): readonly ConstraintModel[] => {
      const { name, unique, check, references } = column;
      const found: ConstraintModel["definition"][] = [];
      if (unique !== undefined && unique !== false) {
        const details = unique === true ? {} : unique;
        found.push({ kind: "unique", constraint: { ...details, columns: [name] } });
      }
      if (check !== undefined) found.push({ kind: "check", constraint: checkOf(check) });
      if (references !== undefined) {
        const { name: label, column: target, ...rest } = references;
        found.push({
          kind: "foreignKey",
          constraint: {
            ...(label === undefined ? {} : { name: label }),
            columns: [name],
            references: { ...rest, ...(target === undefined ? {} : { columns: [target] }) },
          },
        });
      }
      return found.map((definition) => ({ definition, owner: name }));
    }),
    ...uniquesOf(table).map((constraint): ConstraintModel => ({
      definition: { kind: "unique", constraint },
      owner: undefined,
    })),
    ...(table.checks ?? []).map((check): ConstraintModel => ({
      definition: { kind: "check", constraint: checkOf(check) },
      owner: undefined,
    })),
    ...(table.foreignKeys ?? []).map((constraint): ConstraintModel => ({
      definition: { kind: "foreignKey", constraint },
      owner: undefined,
    })),
  ];
}

/** What a constraint means, without its name: equal for constraints that do the same. */
export function signatureOf({ definition }: ConstraintModel, context: ConstraintContext): string {
  switch (definition.kind) {
    case "unique": {
      const { columns, onConflict = "abort" } = definition.constraint;
      return sign("unique", ...columns.map((column) => keyColumnSignature(column, context)), onConflict);
    }
    case "check":
      return sign("check", normalExpression(textOf(definition.constraint.expression), context.table));
    case "foreignKey": {
      const { columns, references } = definition.constraint;
      const { table, columns: targets = context.keyOf(table) } = references;
      // MATCH has no effect, and only INITIALLY DEFERRED differs from not deferrable (foreignkeys.html).
      return sign(
        "foreignKey",
        columns.map(foldName),
        foldName(table),
        targets.map(foldName),
        references.onDelete ?? "no action",
        references.onUpdate ?? "no action",
        references.deferrable === "initially deferred",
      );
    }
    default:
      return assertNever(definition);
  }
}

/** A column of a key with what is meant where nothing is said. */
export function keyColumnSignature(column: KeyColumn, context: ConstraintContext): string {
  const { column: name, collate, order = "asc" } = keyColumnOf(column);
  return sign(foldName(name), foldName(collate ?? context.collationOf(name)), order);
}

function sign(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/** By which a batch finds the constraint: its name, or what it says. */
export function referenceTo({ definition }: ConstraintModel): ConstraintReference {
  const { kind, constraint } = definition;
  if (constraint.name !== undefined) return { name: constraint.name, kind };
  if (kind === "check") return { kind, expression: constraint.expression };
  return { kind, columns: constraint.columns.map((column) => keyColumnOf(column).column) };
}
