import { expect, test } from "vitest";
import { describeOperation, sql } from "@skillmeat/migrate-core";
import { recordOperations } from "./record-operations.ts";

test("operations are told in one line each", () => {
  const lines = recordOperations((op) => {
    op.createTable({ name: "projects", columns: [{ name: "id" }, { name: "name" }] });
    op.createTable({ name: "one\u001b[2J", columns: [{ name: "id" }] });
    op.dropTable("projects");
    op.renameTable("a", "b");
    op.addColumn("users", { name: "nick", type: "VARCHAR(20)" });
    op.addColumn("users", { name: "any" });
    op.dropColumn("users", "nick");
    op.renameColumn("users", "a", "b");
    op.createIndex({
      name: "ix",
      table: "users",
      columns: ["a", sql`lower(b)`, { sql: "c +\n 1" }, { column: "d", order: "desc" }],
      unique: true,
    });
    op.createIndex({ name: "iy", table: "users", columns: ["a"] });
    op.dropIndex("ix");
    op.createTrigger("CREATE TRIGGER r DELETE ON t BEGIN SELECT 1; END");
    op.dropTrigger("r");
    op.createView("CREATE VIEW v AS SELECT 1");
    op.dropView("v");
    op.execute(
      "UPDATE users\n  SET a = 'a rather long text that nobody wants to see whole in a list of operations'",
    );
    op.execute("SELECT 1");
    op.bulkInsert("users", [{ a: 1 }]);
    op.bulkInsert("users", [{ a: 1 }, { a: 2 }]);
  }).map(describeOperation);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "create table "projects" (2 columns)
    create table "one\\x1b[2J" (1 column)
    drop table "projects"
    rename table "a" to "b"
    add column "users.nick" (VARCHAR(20))
    add column "users.any"
    drop column "users.nick"
    rename column "users.a" to "b"
    create unique index "ix" on "users" (a, lower(b), c + 1, d)
    create index "iy" on "users" (a)
    drop index "ix"
    create trigger "r" on "t"
    drop trigger "r"
    create view "v"
    drop view "v"
    execute UPDATE users SET a = 'a rather long text that nobody wants to see whole …
    execute SELECT 1
    insert 1 row into "users"
    insert 2 rows into "users""
  `);
});
