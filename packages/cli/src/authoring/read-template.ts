import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import {
  findUnknownPlaceholders,
  MigrationError,
  quoteForMessage,
  type RevisionFormat,
} from "@skillmeat/migrate-core";
import { needsModuleExtension } from "./module-scope.ts";
import { isTemplateName, templateNames, templateTable } from "./templates.ts";

export interface Template {
  readonly format: RevisionFormat;
  /** The text of a template of the project's own. */
  readonly template?: string;
}

const formats: readonly RevisionFormat[] = ["ts", "mts", "js", "mjs"];

/**
 * Finds the template that a configuration names.
 *
 * @param directory of the configuration; relative paths start from there.
 * @throws {MigrationError} SKM_CONFIG_LOAD when it cannot be read, SKM_CONFIG_SHAPE when it is none.
 */
export function readTemplate(name: string, directory: string): Template {
  if (isTemplateName(name)) {
    const { format, moduleFormat = format } = templateTable[name];
    return { format: needsModuleExtension(directory) ? moduleFormat : format };
  }
  const path = resolve(directory, name);
  const format = formats.find((one) => extname(path) === `.${one}`);
  if (format === undefined) {
    throw wrongTemplate(name, "is neither a template nor the path of one", {
      hint: `use ${templateNames.join(", ")}, or a file with .ts, .mts, .js or .mjs at its end`,
    });
  }
  const template = readText(path);
  const [unknown] = findUnknownPlaceholders(template);
  if (unknown !== undefined) {
    throw wrongTemplate(path, `has the unknown placeholder ${quoteForMessage(unknown)}`, {
      hint: "there are {{imports}}, {{header}}, {{upgrade}}, {{downgrade}}, {{revision}}, {{downRevision}}, {{message}} and {{createDate}}",
    });
  }
  if (!/\{\{\s*header\s*\}\}/u.test(template)) {
    throw wrongTemplate(path, "has no {{header}}", {
      hint: "put it into the object of defineRevision({ … })",
    });
  }
  return { format, template };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new MigrationError("SKM_CONFIG_LOAD", `cannot read the template ${quoteForMessage(path, 1000)}`, {
      cause,
      details: { file: path, reason: cause instanceof Error ? cause.message : String(cause) },
      hint: "check the key template of the configuration",
    });
  }
}

function wrongTemplate(name: string, problem: string, { hint }: { readonly hint: string }): MigrationError {
  return new MigrationError("SKM_CONFIG_SHAPE", `the template ${quoteForMessage(name, 1000)} ${problem}`, {
    details: { key: "template", template: name },
    hint,
  });
}
