import { expect, test } from "vitest";
import { classifyStatement } from "@skillmeat/migrate-core";

test.each([
  ["SELECT 1", "SELECT"],
  ["  insert into a values (1)", "INSERT"],
  ["-- c\n/* d */ ; WITH x AS (SELECT 1) SELECT 1", "WITH"],
  ["\uFEFFcreate table t (a)", "CREATE"],
  ["EXPLAIN SELECT 1", "EXPLAIN"],
  ["(SELECT 1)", ""],
])("%j begins with %j", (sql, verb) => {
  expect(classifyStatement(sql)).toEqual({ verb, empty: false });
});

test.each(["", " \n", ";;", "-- only", "/* only */ ;"])("%j is empty", (sql) => {
  expect(classifyStatement(sql)).toEqual({ verb: "", empty: true });
});
