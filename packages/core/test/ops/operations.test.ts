import { expect, expectTypeOf, test } from "vitest";
import {
  sql,
  type AddColumnOptions,
  type ColumnDefinition,
  type ForeignKeyAction,
  type InputValue,
  type Operation,
  type Operations,
  type Row,
  type SqlValue,
  type TableDefinition,
} from "@skillmeat/migrate-core";
import { recordOperations } from "./record-operations.ts";

test("the builder is typed as authors use it", () => {
  expectTypeOf<Operations["createTable"]>().parameter(0).toEqualTypeOf<TableDefinition>();
  expectTypeOf<Operations["addColumn"]>().parameter(1).toEqualTypeOf<ColumnDefinition>();
  expectTypeOf<Operations["addColumn"]>().parameter(2).toEqualTypeOf<AddColumnOptions | undefined>();
  expectTypeOf<Operations["execute"]>().returns.toBeVoid();
  expectTypeOf<Operations["query"]>().returns.toEqualTypeOf<Promise<readonly Row[]>>();
  expectTypeOf<Row>().toEqualTypeOf<Readonly<Record<string, SqlValue>>>();
  expectTypeOf<boolean>().toExtend<InputValue>();
  expectTypeOf<undefined>().not.toExtend<InputValue>();
  expectTypeOf<"cascade">().toExtend<ForeignKeyAction>();
  expectTypeOf<"CASCADE">().not.toExtend<ForeignKeyAction>();
  expectTypeOf<Operation["kind"]>().toEqualTypeOf<
    | `${"create" | "drop"}${"Table" | "Index" | "Trigger" | "View"}`
    | "renameTable"
    | `${"add" | "drop" | "rename"}Column`
    | "batchAlterTable"
    | "execute"
    | "require"
    | "bulkInsert"
  >();
});

test("any type and collation is accepted, and mistakes do not compile", () => {
  const recorded = recordOperations((op) => {
    op.addColumn("t", { name: "a", type: "my_type", collate: "my_collation" });
    op.addColumn("t", { name: "a", type: "VARCHAR(20)", default: sql`CURRENT_TIMESTAMP` });
    // @ts-expect-error a misspelt property
    expect(() => op.addColumn("t", { name: "a", nulable: false })).toThrow(TypeError);
    // @ts-expect-error actions are in lower case
    expect(() => op.addColumn("t", { name: "a", references: { table: "u", onDelete: "CASCADE" } })).toThrow(
      TypeError,
    );
    // @ts-expect-error undefined is no value
    expect(() => op.execute("SELECT ?", [undefined])).toThrow(expect.objectContaining({ code: "SKM_VALUE" }));
    // @ts-expect-error a column needs a name
    expect(() => op.addColumn("t", { type: "TEXT" })).toThrow(TypeError);
    // @ts-expect-error options are an object
    expect(() => op.dropTable("t", true)).toThrow(TypeError);
  });
  expect(recorded).toHaveLength(2);
});
