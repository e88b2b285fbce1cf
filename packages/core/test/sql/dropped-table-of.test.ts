import { expect, test } from "vitest";
import { droppedTableOf } from "../../src/sql/dropped-table-of.ts";

test.each<readonly [string, string | undefined]>([
  ["DROP TABLE a", "a"],
  ["drop table if exists a", "a"],
  ["DROP /* the old one */ TABLE -- now\n main . [my table]", "my table"],
  ['DROP TABLE IF EXISTS "main"."a""b"', 'a"b'],
  ["DROP TABLE 'a'", "a"],
  ['DROP TABLE "if"', "if"],
  ["DROP TABLE temp.a", undefined],
  ["DROP VIEW a", undefined],
  ["SELECT 'DROP TABLE a'", undefined],
  ["DROP TABLE", undefined],
])("%j drops %j", (sql, table) => {
  expect(droppedTableOf(sql)).toBe(table);
});
