import type { RevisionFormat } from "@skillmeat/migrate-core";

export type TemplateName = "typescript" | "javascript" | "sql";

/** What new revision files can be written in without a template of the project's own. */
export const templateTable: Readonly<
  Record<
    TemplateName,
    {
      readonly format: RevisionFormat;
      /** Where package.json does not say that files are modules. */
      readonly moduleFormat?: RevisionFormat;
      readonly summary: string;
    }
  >
> = {
  typescript: {
    format: "ts",
    moduleFormat: "mts",
    summary: "TypeScript, which Node.js runs as it is; unless told otherwise",
  },
  javascript: { format: "js", moduleFormat: "mjs", summary: "JavaScript modules" },
  sql: { format: "sql", summary: "SQL scripts with the sections -- upgrade and -- downgrade" },
};

export const templateNames: readonly TemplateName[] = ["typescript", "javascript", "sql"];

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templateTable, name);
}
