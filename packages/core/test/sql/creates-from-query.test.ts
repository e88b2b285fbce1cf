import { expect, test } from "vitest";
import { createsFromQuery } from "../../src/sql/creates-from-query.ts";

test.each<readonly [string, boolean]>([
  ["CREATE TABLE a AS SELECT 1", true],
  ["create temp table if not exists a as select * from b", true],
  [";; CREATE /* all */ TABLE main . [a b] AS WITH c AS (SELECT 1) SELECT * FROM c", true],
  ['CREATE TABLE "as" AS VALUES (1)', true],
  ["CREATE TEMPORARY TABLE temp.a AS SELECT 1", true],
  ["CREATE TABLE a (b AS (1))", false],
  ['CREATE TABLE "as" (b)', false],
  ["CREATE VIEW a AS SELECT 1", false],
  ["CREATE VIRTUAL TABLE a USING fts5(b)", false],
  ["CREATE TABLE", false],
  ["DROP TABLE a", false],
])("%j creates a table from a query: %j", (sql, expected) => {
  expect(createsFromQuery(sql)).toBe(expected);
});
