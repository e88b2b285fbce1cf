import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { MigrationError, quoteForMessage, suggestNames, writeNewFile } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import { needsModuleExtension } from "../authoring/module-scope.ts";
import { renderConfig, tokenVariable } from "../authoring/render-config.ts";
import { isTemplateName, templateNames, type TemplateName } from "../authoring/templates.ts";
import { configNames } from "../config/find-config.ts";
import { isRemoteUrl, parseRemoteUrl } from "../database/remote-url.ts";
import { warnAboutToken } from "../database/warn-about-token.ts";
import { systemCode } from "../output/text-sink.ts";
import type { Command } from "./command.ts";

/** `init [directory]` */
export const init: Command = (invocation) => {
  const { cwd, output, arguments: parsed } = invocation;
  const directory = resolve(cwd, readDirectory(parsed.operands[0] ?? "revisions"));
  const template = readTemplateName(parsed.values.get("template")?.[0] ?? "typescript");
  const { url, hasToken } = readUrl(parsed.values.get("url")?.[0] ?? "app.db");
  assertNoConfig(cwd);
  makeDirectory(directory);
  const config = join(cwd, `skillmeat-migrate.config.${needsModuleExtension(cwd) ? "mts" : "ts"}`);
  const revisions = toModulePath(relative(cwd, directory));
  writeNewFile(config, renderConfig({ revisions, template, url, hasToken }));
  const written = [config, directory];
  output.talk(`wrote ${config}`);
  output.talk(`revision files go to ${directory}`);
  if (hasToken) {
    warnAboutToken(output, parsed.values.get("url") ?? []);
    output.talk(`the token was not written: set ${tokenVariable}, which the configuration reads`);
  }
  output.talk('next: skillmeat-migrate revision -m "what it does"');
  output.present({ text: "", document: { command: "init", config, directory, template, written } });
  return Promise.resolve(0);
};

/** The URL as it may stand in a file that others read: without its token. */
function readUrl(url: string): { readonly url: string; readonly hasToken: boolean } {
  if (!isRemoteUrl(url)) return { url, hasToken: false };
  // Whether it needs TLS is for the configuration to say, which does not exist yet.
  const remote = parseRemoteUrl(url, { allowInsecure: true });
  return remote.authToken === undefined ? { url, hasToken: false } : { url: remote.url, hasToken: true };
}

function readDirectory(word: string): string {
  if (word.trim() === "") throw usageError("the directory is empty", "leave it out for revisions");
  return word;
}

function readTemplateName(name: string): TemplateName {
  if (isTemplateName(name)) return name;
  // Alembic's own name for what is not special.
  if (name === "generic") return "typescript";
  const [best] = suggestNames(name, templateNames);
  throw usageError(
    `there is no template ${quoteForMessage(name)}`,
    best === undefined ? `the templates are ${templateNames.join(", ")}` : `did you mean "${best}"?`,
    { template: name },
  );
}

function assertNoConfig(cwd: string): void {
  const existing = configNames.map((name) => join(cwd, name)).find((path) => existsSync(path));
  if (existing === undefined) return;
  throw new MigrationError(
    "SKM_FILE_EXISTS",
    `there is a project already: ${quoteForMessage(existing, 1000)}`,
    {
      details: { path: existing },
      hint: "edit the configuration, or delete it first; new revisions are made with `skillmeat-migrate revision`",
    },
  );
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    throw new MigrationError(
      isFile ? "SKM_FILE_EXISTS" : "SKM_SCRIPT_DIR",
      `cannot make the directory ${quoteForMessage(path, 1000)}: ${isFile ? "it is a file" : (systemCode(cause) ?? String(cause))}`,
      { cause, details: { path }, hint: "name another directory: skillmeat-migrate init <directory>" },
    );
  }
}

function toModulePath(path: string): string {
  const forward = path.replaceAll("\\", "/");
  return forward.startsWith("..") || forward === "" ? forward || "." : `./${forward}`;
}
