import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type DeclaredSchema,
  explainLoadError,
  MigrationError,
  quoteForMessage,
} from "@skillmeat/migrate-core";
import { providePackages } from "../project/provide-packages.ts";
import type { LoadedConfig } from "./load-config.ts";

/**
 * Loads the schema that a configuration declares: what stands in it, an SQL script, or the default export of a
 * module.
 *
 * @returns `undefined` when it declares none.
 * @throws {MigrationError} SKM_CONFIG_LOAD when the file cannot be loaded, SKM_SCHEMA_INVALID when it is none.
 */
export async function loadSchema(loaded: LoadedConfig | undefined): Promise<DeclaredSchema | undefined> {
  const schema = loaded?.config.schema;
  if (loaded === undefined || schema === undefined) return undefined;
  if (typeof schema !== "string") return schema;
  const file = resolve(dirname(loaded.file), schema);
  const declared = file.endsWith(".sql") ? { sql: readText(file) } : await importDefault(file);
  if (isSchema(declared)) return declared;
  throw new MigrationError(
    "SKM_SCHEMA_INVALID",
    `the schema ${quoteForMessage(file, 1000)} is not one: it has no default export with tables`,
    {
      details: { file },
      hint: "write `export default defineSchema({ tables: [ … ] })`, or name a .sql file",
    },
  );
}

function isSchema(value: unknown): value is DeclaredSchema {
  return typeof value === "object" && value !== null && ("tables" in value || "sql" in value);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/u, "");
  } catch (cause) {
    throw loadError(file, { reason: cause instanceof Error ? cause.message : String(cause), cause });
  }
}

async function importDefault(file: string): Promise<unknown> {
  providePackages();
  const { href } = pathToFileURL(file);
  try {
    const module: unknown = await import(/* @vite-ignore */ href);
    return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  } catch (cause) {
    const { details, hint } = explainLoadError(cause, {
      path: file,
      url: href,
      text: () => readText(file),
      mayCheckSyntax: true,
    });
    throw loadError(file, { reason: String(details["reason"]), hint, cause });
  }
}

function loadError(
  file: string,
  {
    reason,
    hint,
    cause,
  }: { readonly reason: string; readonly hint?: string | undefined; readonly cause: unknown },
): MigrationError {
  return new MigrationError(
    "SKM_CONFIG_LOAD",
    `cannot load the schema ${quoteForMessage(file, 1000)}: ${reason}`,
    {
      cause,
      details: { file, reason },
      hint: hint ?? "check the key schema of the configuration",
    },
  );
}

/** SKM_SCHEMA_MISSING with what to do about it where a configuration names the schema. */
export function explainMissingSchema(
  { code, message, details, cause }: MigrationError,
  loaded: LoadedConfig | undefined,
): MigrationError {
  const key = '`schema: "./schema.ts"`, or a .sql file';
  const hint =
    loaded === undefined
      ? `write a configuration (\`init\` does) and name the schema in it: ${key}`
      : `name the schema in ${quoteForMessage(loaded.file, 1000)}: ${key}`;
  return new MigrationError(code, message, { cause, details, hint });
}
