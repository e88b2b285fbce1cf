import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reverseOperation, type Operation, type Operations } from "@skillmeat/migrate-core";
import { compileOperation } from "../../src/plan/compile-operation.ts";
import { operationArbitrary } from "./operation-arbitrary.ts";
import { recordOperations } from "./record-operations.ts";

const only = (operations: readonly Operation[]): Operation => {
  const [operation, ...more] = operations;
  if (operation === undefined || more.length > 0) throw new Error(`${operations.length} operations`);
  return operation;
};

describe("reverseOperation", () => {
  test("reversed twice, an operation is what it was", () => {
    fc.assert(
      fc.property(operationArbitrary, (record) => {
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
