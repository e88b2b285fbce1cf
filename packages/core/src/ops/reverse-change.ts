import { assertNever } from "../util/assert-never.ts";
import type {
  AlterColumnChange,
  ColumnChanges,
  ConstraintDefinition,
  ConstraintReference,
  TableChange,
} from "./table-change.ts";

/** The change that takes another one back, or `null` when it is not known what was before. */
export function reverseChange(change: TableChange): TableChange | null {
  switch (change.kind) {
    case "addColumn": {
      const { column, ifNotExists, ...place } = change;
      const drop = { ...place, column: column.name, definition: column };
      return frozen({
        ...drop,
        kind: "dropColumn",
        ...(ifNotExists === undefined ? {} : { ifExists: true }),
      });
    }
    case "dropColumn": {
      const { definition, ifExists, ...place } = change;
      if (definition === undefined) return null;
      const add = { ...place, column: definition };
      return frozen({ ...add, kind: "addColumn", ...(ifExists === undefined ? {} : { ifNotExists: true }) });
    }
    case "alterColumn":
      return reverseAlter(change);
    case "createConstraint": {
      const { definition } = change;
      return frozen({ kind: "dropConstraint", constraint: referenceTo(definition), definition });
    }
    case "dropConstraint":
      // Whether there was something to drop is not known, and a constraint cannot be added if it is not there.
      return change.definition === undefined || change.ifExists === true
        ? null
        : frozen({ kind: "createConstraint", definition: change.definition });
    case "createIndex": {
      const { index, ifNotExists } = change;
      const drop = { index: index.name, definition: index };
      return frozen({ ...drop, kind: "dropIndex", ...(ifNotExists === undefined ? {} : { ifExists: true }) });
    }
    case "dropIndex": {
      const { definition, ifExists } = change;
      if (definition === undefined) return null;
      const more = ifExists === undefined ? {} : { ifNotExists: true };
      return frozen({ kind: "createIndex", index: definition, ...more });
    }
    case "alterTableOptions":
      return null;
    default:
      return assertNever(change);
  }
}

/** A new name says itself what the old one was; every other property must stand in `existing`. */
function reverseAlter(change: AlterColumnChange): AlterColumnChange | null {
  const { column, changes, existing, insertBefore, insertAfter } = change;
  if (insertBefore !== undefined || insertAfter !== undefined) return null;
  const { name, ...others } = changes;
  const before: ColumnChanges = { ...existing, ...(name === undefined ? {} : { name: column }) };
  if (!Object.keys(others).every((key) => Object.hasOwn(before, key))) return null;
  return Object.freeze<AlterColumnChange>({
    kind: "alterColumn",
    column: name ?? column,
    changes: before,
    ...(Object.keys(others).length === 0 ? {} : { existing: others }),
  });
}

function referenceTo(definition: ConstraintDefinition): ConstraintReference {
  const { kind, constraint } = definition;
  if (constraint.name !== undefined) return Object.freeze({ name: constraint.name, kind });
  if (kind === "check") return Object.freeze({ kind, expression: constraint.expression });
  return Object.freeze({
    kind,
    columns: constraint.columns.map((column) => (typeof column === "string" ? column : column.column)),
  });
}

function frozen(change: TableChange): TableChange {
  return Object.freeze(change);
}
