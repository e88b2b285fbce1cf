import { readFileSync } from "node:fs";
import { sql, type Operations } from "@skillmeat/migrate-core";
import { execute, migratorFor, temporaryPath } from "./temporary-database.ts";

/** A call of `op` in a page of the documentation. */
export interface DocsExample {
  readonly code: string;
  /** The SQL that stands under it, if any does. */
  readonly sql: string | undefined;
}

export interface DocsPage {
  readonly text: string;
  readonly examples: readonly DocsExample[];
  /** Runs an example on the tables of the page's first fence, and returns the statements that it becomes. */
  readonly run: (example: DocsExample) => Promise<readonly string[]>;
}

type Body = (op: Operations) => Promise<void>;

export function readDocsPage(name: string): DocsPage {
  const text = readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");
  const fences = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
  const [tables, ...rest] = fences;
  const examples = rest.flatMap(({ language, code }, index) => {
    const next = rest[index + 1];
    return language === "ts" ? [{ code, sql: next?.language === "sql" ? next.code : undefined }] : [];
  });
  return { text, examples, run: async ({ code }) => await run(tables?.code ?? "", code) };
}

async function run(tables: string, code: string): Promise<readonly string[]> {
  const source = `export default (sql) => async (op) => { ${code} }`;
  const loaded: { default: (tag: typeof sql) => Body } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  );
  const path = temporaryPath();
  execute(path, tables);
  const statements: string[] = [];
  const revision = { revision: "one", downRevision: null, upgrade: loaded.default(sql) };
  await migratorFor(path, [revision], {
    onEvent: (event) => {
      if (event.kind === "statement") statements.push(event.sql);
    },
  }).upgrade();
  return statements;
}
