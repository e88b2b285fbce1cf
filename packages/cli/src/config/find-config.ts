import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { MigrationError, quoteForMessage } from "@skillmeat/migrate-core";
import { systemCode } from "../output/text-sink.ts";

/** Where a configuration may be: named, or in the working directory. */
export interface ConfigRequest {
  readonly cwd: string;
  /** From `--config` or SKILLMEAT_MIGRATE_CONFIG; searched nowhere else. */
  readonly named?: string | undefined;
}

export const configNames: readonly string[] = ["ts", "mts", "js", "mjs", "json"].map(
  (extension) => `skillmeat-migrate.config.${extension}`,
);
const extensions = /\.(?:[cm]?[jt]s|json)$/u;

/**
 * Finds the configuration file. Only the working directory is looked at, never its parents: a configuration
 * is code, and code from a place that nobody thought of must not run.
 *
 * @returns an absolute path, or `undefined` when there is none.
 * @throws {MigrationError} SKM_CONFIG_NOT_FOUND, or SKM_CONFIG_LOAD when it cannot be told which file is meant.
 */
export function findConfig({ cwd, named }: ConfigRequest): string | undefined {
  if (named !== undefined) return findNamed(resolve(cwd, named));
  const found = configNames.map((name) => join(cwd, name)).filter((path) => isFile(path));
  if (found.length < 2) return found[0];
  throw new MigrationError(
    "SKM_CONFIG_LOAD",
    `there are several configuration files: ${found.map((path) => quoteForMessage(path, 1000)).join(", ")}`,
    { details: { files: found }, hint: "keep one of them, or name one with --config" },
  );
}

function findNamed(path: string): string {
  if (!isFile(path)) {
    throw new MigrationError(
      "SKM_CONFIG_NOT_FOUND",
      `the configuration file ${quoteForMessage(path, 1000)} does not exist`,
      { details: { file: path }, hint: "check --config and SKILLMEAT_MIGRATE_CONFIG" },
    );
  }
  if (extensions.test(path)) return path;
  throw new MigrationError(
    "SKM_CONFIG_LOAD",
    `cannot tell what kind of file the configuration ${quoteForMessage(path, 1000)} is`,
    { details: { file: path }, hint: "name it with .ts, .mts, .js, .mjs or .json at its end" },
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (cause) {
    // Too long a name, a directory that may not be entered, links in a circle.
    const reason = systemCode(cause);
    if (reason === undefined) throw cause;
    throw new MigrationError(
      "SKM_CONFIG_LOAD",
      `cannot look for the configuration ${quoteForMessage(path)}: ${reason}`,
      {
        cause,
        details: { file: path, reason },
        hint: "check --config, SKILLMEAT_MIGRATE_CONFIG and the working directory",
      },
    );
  }
}
