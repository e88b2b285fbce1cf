import { expect, test } from "vitest";
import { createOperations, splitStatements } from "@skillmeat/migrate-core";
import { readDocsPage } from "../support/docs-examples.ts";

const { text, examples, run } = readDocsPage("operations.md");

test.each(examples)("the documented example becomes the documented SQL: $code", async (example) => {
  expect(await run(example)).toEqual(splitStatements(example.sql ?? ""));
});

test("every method of op stands in the page, and batchAlterTable in its own", () => {
  const op = createOperations({
    record: () => undefined,
    query: () => Promise.reject(new Error("no database")),
  });
  const called = examples.map(({ code }) => code).join("\n");
  const missing = Object.keys(op).filter((method) => !called.includes(`op.${method}(`));
  expect(missing).toEqual(["batchAlterTable"]);
  expect(text).toContain("[batch.md](batch.md)");
});
