import type { Operation } from "../ops/operation.ts";
import type { DropConstraintChange, TableChange } from "../ops/table-change.ts";
import type { InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { parentsFirst } from "./order-tables.ts";
import { buildTableModel } from "./table-model.ts";

/** What happens to a table that is there. */
export interface ChangedTable {
  readonly table: InspectedTable;
  /** DROP TABLE or the change of the table; `undefined`: it stays as it is. */
  readonly operation: Operation | undefined;
}

/**
 * Brings changes and drops into an order in which no foreign key is in the way: what refers to a table comes
 * before it. DROP TABLE deletes the rows, and foreign keys are enforced (lang_droptable.html); a column that a
 * key refers to cannot go at all. Keys that close a circle are dropped before everything else.
 */
export function orderChanges(changed: readonly ChangedTable[]): readonly Operation[] {
  const byName = new Map(changed.map((one) => [foldName(one.table.name), one]));
  const ordered = parentsFirst(changed.map(({ table }) => table)).toReversed();
  const done = new Set<string>();
  const cuts: Operation[] = [];
  const operations: Operation[] = [];
  for (const { name } of ordered) {
    const one = byName.get(foldName(name));
    const { cut, rest } = one === undefined ? nothing : cutKeys(one, done);
    cuts.push(...cut);
    operations.push(...rest);
    if (rest.length > 0) done.add(foldName(name));
  }
  return [...cuts, ...operations];
}

interface Cut {
  readonly cut: readonly Operation[];
  readonly rest: readonly Operation[];
}

const nothing: Cut = { cut: [], rest: [] };

/** Takes the keys to tables whose turn was before out of an operation that would drop them. */
function cutKeys({ table, operation }: ChangedTable, done: ReadonlySet<string>): Cut {
  if (operation === undefined) return nothing;
  const dropped = operation.kind === "dropTable" ? keysOf(table) : droppedKeys(operation);
  const late = dropped.filter(({ definition }) => refersTo(definition, done));
  if (late.length === 0) return { cut: [], rest: [operation] };
  const cut: Operation = { kind: "batchAlterTable", table: table.name, changes: late };
  return { cut: [cut], rest: withoutChanges(operation, late) };
}

function keysOf(table: InspectedTable): readonly DropConstraintChange[] {
  if (table.kind !== "table" || table.foreignKeys.length === 0) return [];
  return buildTableModel(table).constraints.flatMap(({ definition }) => {
    if (definition.kind !== "foreignKey") return [];
    const { columns } = definition.constraint;
    return [{ kind: "dropConstraint" as const, constraint: { kind: "foreignKey", columns }, definition }];
  });
}

function droppedKeys(operation: Operation): readonly DropConstraintChange[] {
  const changes: readonly TableChange[] = operation.kind === "batchAlterTable" ? operation.changes : [];
  return changes.filter((change) => change.kind === "dropConstraint");
}

function refersTo(definition: DropConstraintChange["definition"], tables: ReadonlySet<string>): boolean {
  return definition?.kind === "foreignKey" && tables.has(foldName(definition.constraint.references.table));
}

function withoutChanges(operation: Operation, taken: readonly TableChange[]): readonly Operation[] {
  if (operation.kind !== "batchAlterTable") return [operation];
  const changes = operation.changes.filter((change) => !taken.includes(change));
  return changes.length === 0 ? [] : [{ ...operation, changes }];
}
