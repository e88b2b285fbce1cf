import type { RevisionFormat } from "@skillmeat/migrate-core";

export type TemplateName = "typescript" | "javascript" | "sql";

/** What new revision files can be written in without a template of the project's own. */
export const templateTable: Readonly<
  Record<TemplateName, { readonly format: RevisionFormat; readonly summary: string }>
> = {
  typescript: { format: "ts", summary: "TypeScript, which Node.js runs as it is; unless told otherwise" },
  javascript: { format: "js", summary: "JavaScript modules" },
  sql: { format: "sql", summary: "SQL scripts with the sections -- upgrade and -- downgrade" },
};

export const templateNames: readonly TemplateName[] = ["typescript", "javascript", "sql"];

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templateTable, name);
}
