import type { TemplateName } from "./templates.ts";

export interface ConfigFacts {
  /** The directory of revision files, from the configuration's. */
  readonly revisions: string;
  readonly url: string;
  readonly template: TemplateName;
  /** The database needs a token. */
  readonly hasToken: boolean;
}

/** Where the token of a new project is read from: unlike TURSO_AUTH_TOKEN it belongs to no other server. */
export const tokenVariable = "SKILLMEAT_AUTH_TOKEN";

/** Writes the configuration of a new project. */
export function renderConfig({ revisions, url, template, hasToken }: ConfigFacts): string {
  const key = template === "typescript" ? "" : `\n  template: ${JSON.stringify(template)},`;
  const token = hasToken ? `\n  authToken: process.env[${JSON.stringify(tokenVariable)}] ?? "",` : "";
  return `import { defineConfig } from "@skillmeat/migrate-cli";

export default defineConfig({
  // --url and SKILLMEAT_DATABASE_URL come first.
  url: ${JSON.stringify(url)},${token}
  revisions: ${JSON.stringify(revisions)},${key}

  // What the schema shall be, as SQL or as a module: \`revision --autogenerate\` writes what leads there.
  // schema: "./schema.sql",

  // The name of new files: {rev}, {slug}, and {year} {month} {day} {hour} {minute} {second} {epoch} in UTC.
  fileName: "{rev}_{slug}",

  // Programs that run on a new revision file, such as a formatter.
  // postWriteHooks: [["prettier", "--write", "{file}"]],
});
`;
}
