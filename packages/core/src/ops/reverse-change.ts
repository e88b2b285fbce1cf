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
      const { column, ...place } = change;
      return frozen({ ...place, kind: "dropColumn", column: column.name, definition: column });
    }
    case "dropColumn": {
      const { definition, ...place } = change;
      return definition === undefined ? null : frozen({ ...place, kind: "addColumn", column: definition });
    }
    case "alterColumn":
      return reverseAlter(change);
    case "createConstraint": {
      const { definition } = change;
      return frozen({ kind: "dropConstraint", constraint: referenceTo(definition), definition });
    }
    case "dropConstraint":
      return change.definition === undefined
        ? null
        : frozen({ kind: "createConstraint", definition: change.definition });
    case "createIndex":
      return frozen({ kind: "dropIndex", index: change.index.name, definition: change.index });
    case "dropIndex":
      return change.definition === undefined
        ? null
        : frozen({ kind: "createIndex", index: change.definition });
    default:
      return assertNever(change);
  }
}

/** A new name says itself what the old one was; every other property must stand in `existing`. */
function reverseAlter({ column, changes, existing }: AlterColumnChange): AlterColumnChange | null {
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
