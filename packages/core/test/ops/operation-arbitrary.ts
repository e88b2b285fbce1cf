import * as fc from "fast-check";
import type { Operations } from "@skillmeat/migrate-core";
import { nameArbitrary, tableArbitrary } from "../schema/table-arbitrary.ts";

const flag = fc.constantFrom({}, { ifNotExists: true });
const dropFlag = fc.constantFrom({}, { ifExists: true });
const column = tableArbitrary.map((table) => table.columns[0] ?? { name: "a" });
const index = fc.record({
  name: nameArbitrary,
  table: nameArbitrary,
  columns: fc.constant(["a"]),
  unique: fc.boolean(),
});
const trigger = fc.record({
  name: nameArbitrary,
  table: nameArbitrary,
  timing: fc.constantFrom("before" as const, "after" as const),
  event: fc.constantFrom("insert" as const, "delete" as const),
  body: fc.constant("SELECT 1; SELECT CASE WHEN 1 THEN 2 END"),
});
const view = fc.record({ name: nameArbitrary, as: fc.constant("SELECT 1") });

/** Bodies that record one operation which can be reversed. */
export const operationArbitrary: fc.Arbitrary<(op: Operations) => void> = fc.oneof(
  fc.tuple(tableArbitrary, flag).map(
    ([table, options]) =>
      (op: Operations) =>
        op.createTable(table, options),
  ),
  fc.tuple(tableArbitrary, dropFlag).map(
    ([definition, options]) =>
      (op: Operations) =>
        op.dropTable(definition.name, { ...options, definition }),
  ),
  fc.tuple(nameArbitrary, nameArbitrary).map(
    ([a, b]) =>
      (op: Operations) =>
        op.renameTable(a, b),
  ),
  fc.tuple(nameArbitrary, column).map(
    ([table, added]) =>
      (op: Operations) =>
        op.addColumn(table, added),
  ),
  fc.tuple(nameArbitrary, column).map(
    ([table, definition]) =>
      (op: Operations) =>
        op.dropColumn(table, definition.name, { definition }),
  ),
  fc.tuple(nameArbitrary, nameArbitrary, nameArbitrary).map(
    ([table, from, to]) =>
      (op: Operations) =>
        op.renameColumn(table, from, to),
  ),
  fc.tuple(index, flag).map(
    ([created, options]) =>
      (op: Operations) =>
        op.createIndex(created, options),
  ),
  fc.tuple(index, dropFlag).map(
    ([definition, options]) =>
      (op: Operations) =>
        op.dropIndex(definition.name, { ...options, definition }),
  ),
  fc.tuple(trigger, flag).map(
    ([created, options]) =>
      (op: Operations) =>
        op.createTrigger(created, options),
  ),
  fc.tuple(trigger, dropFlag).map(
    ([definition, options]) =>
      (op: Operations) =>
        op.dropTrigger(definition.name, { ...options, definition }),
  ),
  fc.tuple(view, flag).map(
    ([created, options]) =>
      (op: Operations) =>
        op.createView(created, options),
  ),
  fc.tuple(view, dropFlag).map(
    ([definition, options]) =>
      (op: Operations) =>
        op.dropView(definition.name, { ...options, definition }),
  ),
);
