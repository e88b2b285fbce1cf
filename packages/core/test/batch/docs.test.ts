import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { splitStatements, type Operations } from "@skillmeat/migrate-core";
import { execute, migratorFor, temporaryPath } from "../support/temporary-database.ts";

const text = readFileSync(new URL("../../../../docs/batch.md", import.meta.url), "utf8");
const fences = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].map(([, language = "", code = ""]) => ({
  language,
  code,
}));
const [tables, ...rest] = fences;
const examples = rest.flatMap(({ language, code }, index) => {
  const next = rest[index + 1];
  return language === "ts" ? [{ code, sql: next?.language === "sql" ? next.code : undefined }] : [];
});

type Example = (op: Operations) => void;

async function run({ code }: { readonly code: string }): Promise<readonly string[]> {
  const source = `export default (op) => { ${code} }`;
  const loaded: { default: Example } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  );
  const path = temporaryPath();
  execute(path, tables?.code ?? "");
  const statements: string[] = [];
  const revision = { revision: "one", downRevision: null, upgrade: loaded.default };
  await migratorFor(path, [revision], {
    onEvent: (event) => {
      if (event.kind === "statement") statements.push(event.sql);
    },
  }).upgrade();
  return statements;
}

test.each(examples.filter((example) => example.sql !== undefined))(
  "the documented example becomes the documented SQL: $code",
  async ({ code, sql }) => {
    expect(await run({ code })).toEqual(splitStatements(sql ?? ""));
  },
);

test("the documented mistake fails as documented", async () => {
  const [mistake, ...more] = examples.filter((example) => example.sql === undefined);
  expect(more).toEqual([]);
  await expect(run({ code: mistake?.code ?? "" })).rejects.toMatchObject({ code: "SKM_FOREIGN_KEY" });
});
