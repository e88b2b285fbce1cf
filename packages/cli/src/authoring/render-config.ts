import type { TemplateName } from "./templates.ts";

export interface ConfigFacts {
  /** The directory of revision files, from the configuration's. */
  readonly revisions: string;
  readonly url: string;
  readonly template: TemplateName;
}

/** Writes the configuration of a new project. */
export function renderConfig({ revisions, url, template }: ConfigFacts): string {
  const key = template === "typescript" ? "" : `\n  template: ${JSON.stringify(template)},`;
  return `import { defineConfig } from "@skillmeat/migrate-cli";

export default defineConfig({
  // --url and SKILLMEAT_DATABASE_URL come first.
  url: ${JSON.stringify(url)},
  revisions: ${JSON.stringify(revisions)},${key}

  // The name of new files: {rev}, {slug}, and {year} {month} {day} {hour} {minute} {second} {epoch} in UTC.
  fileName: "{rev}_{slug}",

  // Programs that run on a new revision file, such as a formatter.
  // postWriteHooks: [["prettier", "--write", "{file}"]],
});
`;
}
