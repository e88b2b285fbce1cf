import { describe, expect, test } from "vitest";
import {
  describeOperation,
  reverseOperation,
  type BatchOperations,
  type Operation,
  type Operations,
} from "@skillmeat/migrate-core";
import { recordOperations } from "./record-operations.ts";

const record = (body: (op: Operations) => void): Operation => {
  const [operation, ...more] = recordOperations(body);
  if (operation === undefined || more.length > 0) throw new Error("one operation was expected");
  return operation;
};

const batch = (body: (batch: BatchOperations) => void): Operation =>
  record((op) => op.batchAlterTable("t", body));

describe("op.batchAlterTable", () => {
  test("records all changes as one operation, frozen and in order", () => {
    const operation = batch((t) => {
      t.addColumn({ name: "a", type: "TEXT" }, { insertAfter: "id" });
      t.dropColumn("b");
      t.renameColumn("c", "d");
      t.createIndex({ name: "ix", columns: ["a"] });
      t.dropIndex("iy");
    });
    expect(operation).toEqual({
      kind: "batchAlterTable",
      table: "t",
      changes: [
        { kind: "addColumn", column: { name: "a", type: "TEXT" }, insertAfter: "id" },
        { kind: "dropColumn", column: "b" },
        { kind: "alterColumn", column: "c", changes: { name: "d" } },
        { kind: "createIndex", index: { name: "ix", table: "t", columns: ["a"] } },
        { kind: "dropIndex", index: "iy" },
      ],
    });
    expect(Object.isFrozen(operation)).toBe(true);
    expect(operation.kind === "batchAlterTable" && Object.isFrozen(operation.changes[0])).toBe(true);
  });

  test("records its options, and nothing for the usual ones", () => {
    const none = (): void => undefined;
    const usual = record((op) => op.batchAlterTable("t", { recreate: "auto" }, none));
    expect(usual).toEqual({ kind: "batchAlterTable", table: "t", changes: [] });
    const options = {
      recreate: "always",
      partialReordering: [["b", "a"]],
      namingConvention: { uq: "uq_%(table_name)s" },
      copyFrom: { name: "t", columns: [{ name: "a" }] },
    } as const;
    expect(record((op) => op.batchAlterTable("t", options, none))).toEqual({
      kind: "batchAlterTable",
      table: "t",
      ...options,
      changes: [],
    });
  });

  test("cannot be used after its function has returned", () => {
    let kept: BatchOperations | undefined;
    batch((t) => {
      kept = t;
    });
    expect(() => kept?.dropColumn("a")).toThrow(/had returned/u);
  });

  test.each<readonly [string, (op: Operations) => void, RegExp]>([
    [
      "an async function",
      (op) => {
        const body: (batch: BatchOperations) => unknown = async () => {};
        op.batchAlterTable("t", body);
      },
      /must not be async/u,
    ],
    // @ts-expect-error the function is missing
    ["no function", (op) => op.batchAlterTable("t", {}), /body in op.batchAlterTable must be a function/u],
    [
      "an unknown option",
      // @ts-expect-error a misspelt option
      (op) => op.batchAlterTable("t", { recreated: "always" }, () => {}),
      /unknown property "recreated"/u,
    ],
    [
      "two places for a column",
      (op) =>
        op.batchAlterTable("t", (t) => t.addColumn({ name: "a" }, { insertAfter: "b", insertBefore: "c" })),
      /only one can be/u,
    ],
    [
      "a column beside itself",
      (op) => op.alterColumn("t", "a", {}, { insertAfter: "A" }),
      /puts the column beside itself/u,
    ],
    [
      "columns in tableArgs",
      // @ts-expect-error columns are added by the body
      (op) => op.batchAlterTable("t", { tableArgs: { columns: [] } }, () => {}),
      /unknown property "columns"/u,
    ],
    [
      "an index of another table",
      (op) =>
        // @ts-expect-error the table is that of the batch
        op.batchAlterTable("t", (t) => t.createIndex({ name: "ix", table: "u", columns: ["a"] })),
      /is of "u", not of "t"/u,
    ],
    [
      "a property that no column has",
      // @ts-expect-error SQLite stores no comments
      (op) => op.alterColumn("t", "a", { comment: "hello" }),
      /unknown property "comment"/u,
    ],
    ["no constraint in particular", (op) => op.dropConstraint("t", {}), /needs the name of the constraint/u],
  ])("refuses %s", (_what, body, message) => {
    expect(() => recordOperations(body)).toThrow(message);
  });
});

test("the same changes are one operation each outside of a batch", () => {
  const recorded = recordOperations((op) => {
    op.alterColumn("t", "a", { nullable: false });
    op.createPrimaryKey("t", ["a"]);
    op.createUniqueConstraint("t", { name: "uq", columns: ["a"] });
    op.createCheckConstraint("t", "a > 0");
    op.createForeignKey("t", { columns: ["a"], references: { table: "p" } });
    op.dropConstraint("t", "uq");
    op.dropConstraint("t", { kind: "check", expression: "a > 0" });
  });
  expect(recorded.map((operation) => operation.kind === "batchAlterTable" && operation.changes)).toEqual([
    [{ kind: "alterColumn", column: "a", changes: { nullable: false } }],
    [{ kind: "createConstraint", definition: { kind: "primaryKey", constraint: { columns: ["a"] } } }],
    [
      {
        kind: "createConstraint",
        definition: { kind: "unique", constraint: { name: "uq", columns: ["a"] } },
      },
    ],
    [{ kind: "createConstraint", definition: { kind: "check", constraint: { expression: "a > 0" } } }],
    [
      {
        kind: "createConstraint",
        definition: { kind: "foreignKey", constraint: { columns: ["a"], references: { table: "p" } } },
      },
    ],
    [{ kind: "dropConstraint", constraint: { name: "uq" } }],
    [{ kind: "dropConstraint", constraint: { kind: "check", expression: "a > 0" } }],
  ]);
});

const reversible: readonly (readonly [text: string, body: (batch: BatchOperations) => void])[] = [
  ['add column "a"', (t) => t.addColumn({ name: "a", type: "TEXT" }, { insertBefore: "b" })],
  ['drop column "a"', (t) => t.dropColumn("a", { definition: { name: "a", type: "TEXT" } })],
  ['column "a": rename to "b"', (t) => t.renameColumn("a", "b")],
  [
    'column "a": rename to "b", set NOT NULL, change type',
    (t) =>
      t.alterColumn(
        "a",
        { name: "b", nullable: false, type: "TEXT" },
        { existing: { nullable: true, type: "INT" } },
      ),
  ],
  ['add check "ck"', (t) => t.createCheckConstraint({ name: "ck", expression: "a > 0" })],
  ['add unique constraint on "a", "b"', (t) => t.createUniqueConstraint(["a", "b"])],
  [
    'drop foreign key "fk"',
    (t) =>
      t.dropConstraint(
        { name: "fk", kind: "foreignKey" },
        {
          definition: {
            kind: "foreignKey",
            constraint: { name: "fk", columns: ["a"], references: { table: "p" } },
          },
        },
      ),
  ],
  ['create index "ix"', (t) => t.createIndex({ name: "ix", columns: ["a"], unique: true })],
  ['add column "a"', (t) => t.addColumn({ name: "a" }, { ifNotExists: true })],
  ['create index "ix"', (t) => t.createIndex({ name: "ix", columns: ["a"] }, { ifNotExists: true })],
  ['drop index "ix"', (t) => t.dropIndex("ix", { definition: { name: "ix", columns: ["a"] } })],
];

describe("a batch with everything known", () => {
  test.each(reversible)("is described as %s", (text, body) => {
    expect(describeOperation(batch(body))).toBe(`alter table "t": ${text}`);
  });

  test.each(reversible)("that does %s is reversed, and the reverse of the reverse is itself", (_, body) => {
    const operation = batch(body);
    const back = reverseOperation(operation);
    expect(back).not.toBe(null);
    expect(back).not.toEqual(operation);
    expect(back === null ? null : reverseOperation(back)).toEqual(operation);
  });

  test("is reversed from its end", () => {
    const operation = batch((t) => {
      t.renameColumn("a", "b");
      t.createIndex({ name: "ix", columns: ["b"] });
    });
    expect(reverseOperation(operation)).toMatchObject({
      changes: [{ kind: "dropIndex" }, { kind: "alterColumn", column: "b", changes: { name: "a" } }],
    });
  });
});

test.each<readonly [string, (batch: BatchOperations) => void]>([
  ["a dropped column", (t) => t.dropColumn("a")],
  ["another type", (t) => t.alterColumn("a", { type: "TEXT" })],
  ["a dropped constraint", (t) => t.dropConstraint("ck")],
  ["a dropped index", (t) => t.dropIndex("ix")],
  ["a column moved", (t) => t.alterColumn("a", {}, { insertAfter: "b" })],
])("a batch with %s of which nothing is known cannot be reversed", (_what, body) => {
  const operation = batch((t) => {
    t.addColumn({ name: "z" });
    body(t);
  });
  expect(reverseOperation(operation)).toBe(null);
});
