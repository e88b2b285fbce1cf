import { expect, test } from "vitest";
import { splitStatements } from "@skillmeat/migrate-core";
import { readDocsPage } from "../support/docs-examples.ts";

const { examples, run } = readDocsPage("batch.md");

test.each(examples.filter((example) => example.sql !== undefined))(
  "the documented example becomes the documented SQL: $code",
  async (example) => {
    expect(await run(example)).toEqual(splitStatements(example.sql ?? ""));
  },
);

test("the documented mistake fails as documented", async () => {
  const [mistake, ...more] = examples.filter((example) => example.sql === undefined);
  expect(more).toEqual([]);
  await expect(run(mistake ?? { code: "", sql: undefined })).rejects.toMatchObject({
    code: "SKM_FOREIGN_KEY",
  });
});
