import { assertNever } from "../util/assert-never.ts";
import type { BatchAlterTableOperation, Operation } from "./operation.ts";
import { reverseChange } from "./reverse-change.ts";

/**
 * The operation that takes another one back, or `null` when it is not known: a drop without its definition,
 * SQL of the author, inserted rows. What comes back is the object, not the data that a drop destroyed.
 * Reversing twice gives the operation itself.
 */
export function reverseOperation(operation: Operation): Operation | null {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
    case "createIndex":
    case "dropIndex":
    case "createTrigger":
    case "dropTrigger":
    case "createView":
    case "dropView":
      return reverseObject(operation);
    case "renameTable":
      return frozen({ kind: "renameTable", table: operation.to, to: operation.table });
    case "addColumn": {
      const { table, column } = operation;
      return frozen({ kind: "dropColumn", table, column: column.name, definition: column });
    }
    case "dropColumn": {
      const { table, definition } = operation;
      return definition === undefined ? null : frozen({ kind: "addColumn", table, column: definition });
    }
    case "renameColumn": {
      const { table, column, to } = operation;
      return frozen({ kind: "renameColumn", table, column: to, to: column });
    }
    case "batchAlterTable":
      return reverseBatch(operation);
    case "execute":
    case "require":
    case "bulkInsert":
      return null;
    default:
      return assertNever(operation);
  }
}

/** A batch goes back as a whole or not at all. What decided the order of columns is not known. */
function reverseBatch(operation: BatchAlterTableOperation): Operation | null {
  const { partialReordering, copyFrom, namingConvention, ...batch } = operation;
  if (partialReordering !== undefined || copyFrom !== undefined) return null;
  const changes = batch.changes.toReversed().map(reverseChange);
  if (changes.some((change) => change === null)) return null;
  return frozen({
    ...batch,
    ...(namingConvention === undefined ? {} : { namingConvention }),
    changes: Object.freeze(changes.filter((change) => change !== null)),
  });
}

type ObjectOperation = Extract<
  Operation,
  { readonly kind: `${"create" | "drop"}${"Table" | "Index" | "Trigger" | "View"}` }
>;

function reverseObject(operation: ObjectOperation): Operation | null {
  switch (operation.kind) {
    case "createTable": {
      const { table } = operation;
      return frozen({ kind: "dropTable", table: table.name, ...ifExists(operation), definition: table });
    }
    case "createIndex": {
      const { index } = operation;
      return frozen({ kind: "dropIndex", index: index.name, ...ifExists(operation), definition: index });
    }
    case "createTrigger": {
      const { trigger } = operation;
      return frozen({
        kind: "dropTrigger",
        trigger: trigger.name,
        ...ifExists(operation),
        definition: trigger,
      });
    }
    case "createView": {
      const { view } = operation;
      return frozen({ kind: "dropView", view: view.name, ...ifExists(operation), definition: view });
    }
    case "dropTable": {
      const { definition } = operation;
      if (definition === undefined) return null;
      return frozen({ kind: "createTable", table: definition, ...ifNotExists(operation) });
    }
    case "dropIndex": {
      const { definition } = operation;
      if (definition === undefined) return null;
      return frozen({ kind: "createIndex", index: definition, ...ifNotExists(operation) });
    }
    case "dropTrigger": {
      const { definition } = operation;
      if (definition === undefined) return null;
      return frozen({ kind: "createTrigger", trigger: definition, ...ifNotExists(operation) });
    }
    case "dropView": {
      const { definition } = operation;
      return definition === undefined
        ? null
        : frozen({ kind: "createView", view: definition, ...ifNotExists(operation) });
    }
    default:
      return assertNever(operation);
  }
}

function ifExists(operation: { readonly ifNotExists?: boolean }): { readonly ifExists?: boolean } {
  return operation.ifNotExists === undefined ? {} : { ifExists: operation.ifNotExists };
}

function ifNotExists(operation: { readonly ifExists?: boolean }): { readonly ifNotExists?: boolean } {
  return operation.ifExists === undefined ? {} : { ifNotExists: operation.ifExists };
}

function frozen(operation: Operation): Operation {
  return Object.freeze(operation);
}
