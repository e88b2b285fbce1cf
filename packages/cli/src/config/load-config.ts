import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { explainLoadError, MigrationError, quoteForMessage } from "@skillmeat/migrate-core";
import type { Assignments } from "../arguments/read-assignments.ts";
import { providePackages } from "../project/provide-packages.ts";
import type { Config } from "./config.ts";
import { parseJson } from "./parse-json.ts";
import { readConfig } from "./read-config.ts";

/** A configuration and where it comes from. */
export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  readonly config: Config;
  /** Whether what `-x` gave could have been used. */
  readonly isFunction: boolean;
}

/**
 * Loads a configuration file: imports it, or parses it when it is JSON; calls it when it is a function.
 * The file runs with all rights of the user.
 *
 * @throws {MigrationError} SKM_CONFIG_LOAD with file, line and column of a syntax error; SKM_CONFIG_SHAPE.
 */
export async function loadConfig(file: string, x: Assignments): Promise<LoadedConfig> {
  const keys = Reflect.ownKeys(Object.prototype).length;
  const exported = file.endsWith(".json") ? parseJson(file, readText(file)) : await importDefault(file);
  if (typeof exported !== "function") {
    return { file, config: readConfig(exported, file), isFunction: false };
  }
  const made = await call(file, exported, x);
  assertPrototype(file, keys);
  return { file, config: readConfig(made, file), isFunction: true };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw loadError(file, cause instanceof Error ? cause.message : "it cannot be read", { cause });
  }
}

async function importDefault(file: string): Promise<unknown> {
  const keys = Reflect.ownKeys(Object.prototype).length;
  const { href } = pathToFileURL(file);
  providePackages();
  const module: unknown = await import(/* @vite-ignore */ href).catch((cause: unknown) => {
    throw explain(file, href, cause);
  });
  assertPrototype(file, keys);
  if (typeof module === "object" && module !== null && "default" in module) return module.default;
  throw new MigrationError(
    "SKM_CONFIG_SHAPE",
    `the configuration ${quoteForMessage(file, 1000)} is not usable: it has no default export`,
    { details: { file }, hint: "write `export default defineConfig({ … })`" },
  );
}

/** Node names neither file nor line of a syntax error; the loader of revision files finds them out. */
function explain(file: string, url: string, cause: unknown): MigrationError {
  const known = explainLoadError(cause, {
    path: file,
    url,
    text: () => readText(file),
    mayCheckSyntax: true,
  });
  const { reason, line, column, ...rest } = known.details;
  const place = [file, line, column].filter((part) => typeof part === "string" || typeof part === "number");
  const excerpt = known.message.includes("\n") ? known.message.slice(known.message.indexOf("\n")) : "";
  return new MigrationError(
    "SKM_CONFIG_LOAD",
    `cannot load the configuration ${quoteForMessage(place.join(":"), 1000)}: ${String(reason)}${excerpt}`,
    {
      details: { ...rest, file, reason, line: line ?? null, column: column ?? null },
      hint: hintFor(known),
      cause,
    },
  );
}

function hintFor(known: MigrationError): string {
  return known.hint === undefined || known.hint.includes("revision")
    ? "fix the file, or name another one with --config"
    : known.hint;
}

async function call(file: string, make: Function, x: Assignments): Promise<unknown> {
  try {
    return await Reflect.apply(make, undefined, [{ x }]);
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    const thrown = cause instanceof Error ? `${cause.name}: ${cause.message}` : quoteForMessage(cause);
    throw loadError(file, `its function throws ${thrown}`, { cause });
  }
}

function assertPrototype(file: string, keys: number): void {
  if (Reflect.ownKeys(Object.prototype).length === keys) return;
  throw loadError(file, "it changes Object.prototype", {});
}

function loadError(file: string, problem: string, options: { readonly cause?: unknown }): MigrationError {
  return new MigrationError(
    "SKM_CONFIG_LOAD",
    `cannot load the configuration ${quoteForMessage(file, 1000)}: ${problem}`,
    {
      details: { file },
      hint: "fix the file, or name another one with --config",
      ...options,
    },
  );
}
