import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reverseOperation, type Operation, type Operations } from "@skillmeat/migrate-core";
import { compileOperation } from "../../src/plan/compile-operation.ts";
import { nameArbitrary, tableArbitrary } from "../schema/table-arbitrary.ts";
import { recordOperations } from "./record-operations.ts";

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

const body: fc.Arbitrary<(op: Operations) => void> = fc.oneof(
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

const only = (operations: readonly Operation[]): Operation => {
  const [operation, ...more] = operations;
  if (operation === undefined || more.length > 0) throw new Error(`${operations.length} operations`);
  return operation;
};

describe("reverseOperation", () => {
  test("reversed twice, an operation is what it was", () => {
    fc.assert(
      fc.property(body, (record) => {
        const operation = only(recordOperations(record));
        const reversed = reverseOperation(operation);
        expect(reversed).not.toBeNull();
        expect(Object.isFrozen(reversed)).toBe(true);
        expect(reverseOperation(reversed as Operation)).toStrictEqual(operation);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[(op: Operations) => void]>([
    [(op) => op.dropTable("t")],
    [(op) => op.dropColumn("t", "a")],
    [(op) => op.dropIndex("i", { ifExists: true })],
    [(op) => op.dropTrigger("r")],
    [(op) => op.dropView("v")],
    [(op) => op.execute("DELETE FROM t")],
    [(op) => op.bulkInsert("t", [{ a: 1 }])],
  ])("%# does not know what is lost", (record) => {
    expect(reverseOperation(only(recordOperations(record)))).toBeNull();
  });

  test("operations and then their reverses, backwards, leave the schema as it was", () => {
    const db = new Database(":memory:");
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
    const schema = () =>
      db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").all();
    const before = schema();
    const operations = recordOperations((op) => {
      op.createTable({
        name: "posts",
        columns: [{ name: "id", type: "INTEGER", primaryKey: true }, { name: "text" }],
      });
      op.createIndex({ name: "ix_posts", table: "posts", columns: ["text"] });
      op.addColumn("users", { name: "role", type: "TEXT" });
      op.createView({ name: "v", as: "SELECT role FROM users" });
      op.createTrigger({ name: "r", table: "posts", timing: "after", event: "insert", body: "SELECT 1" });
      op.renameColumn("users", "role", "kind");
      op.renameTable("posts", "entries");
    });
    const run = (operation: Operation) => {
      for (const { sql } of compileOperation(operation, { parameters: 999 })) db.exec(sql);
    };
    operations.forEach(run);
    expect(schema()).not.toEqual(before);
    operations.toReversed().forEach((operation) => run(reverseOperation(operation) as Operation));
    expect(schema()).toEqual(before);
  });
});
