import { describe, expect, test } from "vitest";
import type { Operations, Revision } from "@skillmeat/migrate-core";
import { revision } from "../support/revisions.ts";
import { migratorFor, temporaryPath } from "../support/temporary-database.ts";

type Body = (op: Operations) => void;

const base = revision("base1", null, {
  upgrade: (op) => {
    op.createTable({
      name: "users",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "name", type: "TEXT" },
      ],
    });
  },
});

const compare = async (left: Body, right: Body) => {
  const revisions = [
    base,
    revision("left1", "base1", { upgrade: left }),
    revision("right1", "base1", { upgrade: right }),
  ];
  const [comparison, ...more] = await migratorFor(temporaryPath(), revisions).compareBranches();
  expect(more).toEqual([]);
  return comparison;
};

const addColumn =
  (name: string): Body =>
  (op) =>
    op.addColumn("users", { name, type: "TEXT" });

describe("branches", () => {
  test.each<
    [title: string, left: Body, right: Body, overlaps: readonly (readonly string[])[], orders: string]
  >([
    [
      "that have nothing in common",
      (op) => op.createView({ name: "v", as: "SELECT 1" }),
      addColumn("a"),
      [],
      "same",
    ],
    ["that add different columns", addColumn("a"), addColumn("b"), [['table "users"', "no"]], "same"],
    ["that add the same column", addColumn("a"), addColumn("A"), [['table "users"', "yes"]], "impossible"],
    [
      "of which one drops the table",
      addColumn("a"),
      (op) => op.dropTable("USERS"),
      [['table "users"', "yes"]],
      "impossible",
    ],
    [
      "of which one writes rows",
      (op) => op.execute("INSERT OR IGNORE INTO Users (name) SELECT 'x' FROM \"other\""),
      addColumn("b"),
      [['table "users"', "perhaps"]],
      "impossible",
    ],
    [
      "that both write rows",
      (op) => op.execute("UPDATE users SET name = 'x'"),
      (op) => op.bulkInsert("users", [{ name: "y" }]),
      [['table "users"', "perhaps"]],
      "same",
    ],
    [
      "that change the same column",
      (op) => op.batchAlterTable("users", (batch) => batch.alterColumn("name", { nullable: false })),
      (op) => op.batchAlterTable("users", (batch) => batch.alterColumn("name", { default: "x" })),
      [['table "users"', "yes"]],
      "same",
    ],
    [
      "that make the same index",
      (op) => op.createIndex({ name: "ix", table: "users", columns: ["name"] }),
      (op) => op.createIndex({ name: "ix", table: "users", columns: ["id"] }, { ifNotExists: true }),
      [
        ['index "ix"', "yes"],
        ['table "users"', "yes"],
      ],
      "impossible",
    ],
  ])("%s", async (_, left, right, overlaps, orders) => {
    const comparison = await compare(left, right);
    expect(comparison?.overlaps.map(({ object, orderMatters }) => [object, orderMatters])).toEqual(overlaps);
    expect(comparison).toMatchObject({ left: "left1", right: "right1", orders });
  });

  test("that end in different schemas are told apart, with the difference", async () => {
    const comparison = await compare(
      (op) => op.createIndex({ name: "ix", table: "users", columns: ["name"] }, { ifNotExists: true }),
      (op) => op.createIndex({ name: "ix", table: "users", columns: ["id"] }, { ifNotExists: true }),
    );
    expect(comparison?.orders).toBe("different");
    expect(comparison?.differences.join()).toContain('index "ix"');
  });

  test("that fail say in which order and why", async () => {
    const comparison = await compare(addColumn("a"), (op) => op.dropTable("users"));
    expect(comparison?.differences).toEqual([expect.stringMatching(/^right1 before left1: .*users/)]);
  });

  test("are compared two by two; one alone is not", async () => {
    const three = [base, revision("x", "base1"), revision("y", "base1"), revision("z", "base1")];
    const pairs = await migratorFor(temporaryPath(), three).compareBranches();
    expect(pairs.map(({ left, right }) => left + right)).toEqual(["xy", "xz", "yz"]);
    expect(await migratorFor(temporaryPath(), [base]).compareBranches()).toEqual([]);
  });

  test.each<[string, Partial<Revision>]>([
    ["follows", { downRevision: "base1" }],
    ["depends on", { downRevision: null, dependsOn: "base1" }],
  ])("of which one %s the other have one order only", async (_, parts) => {
    const migrator = migratorFor(temporaryPath(), [base, revision("next1", null, parts)]);
    for (const pair of [
      ["base1", "next1"],
      ["next1", "base1"],
    ]) {
      expect(await migrator.compareBranches(pair)).toEqual([
        { left: pair[0], right: pair[1], overlaps: [], orders: "fixed", differences: [] },
      ]);
    }
  });
});
