import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { MigrationError, quoteForMessage } from "@skillmeat/migrate-core";
import type { PostWriteHook } from "../config/config.ts";
import type { Environment } from "../database/read-environment.ts";

export interface HookWorld {
  /** Programs run here, and are found in `node_modules/.bin` of this and every directory above. */
  readonly directory: string;
  readonly env: Environment;
  readonly talk: (line: string) => void;
}

/** `REVISION_SCRIPT_FILENAME` is what Alembic calls it. */
const placeholder = /\{file\}|REVISION_SCRIPT_FILENAME/gu;

/**
 * Runs what a project wants to be done with a new revision file, one after another.
 *
 * @throws {MigrationError} SKM_HOOK
 */
export async function runHooks(
  file: string,
  hooks: readonly PostWriteHook[],
  world: HookWorld,
): Promise<void> {
  for (const hook of hooks) {
    if (typeof hook === "function") await callHook(file, hook);
    else runProgram(file, hook, world);
  }
}

async function callHook(file: string, hook: (file: string) => void | Promise<void>): Promise<void> {
  try {
    await hook(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw hookError(hook.name || "a function", `throws: ${reason}`, { cause });
  }
}

function runProgram(file: string, words: readonly string[], { directory, env, talk }: HookWorld): void {
  const [program = "", ...rest] = words;
  const isNamed = rest.some((word) => word.search(placeholder) !== -1);
  const given = rest.map((word) => word.replaceAll(placeholder, () => file));
  const { status, signal, error, stdout, stderr } = spawnSync(program, isNamed ? given : [...given, file], {
    cwd: directory,
    env: { ...env, PATH: [...binDirectories(directory), env["PATH"] ?? ""].join(delimiter) },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    // Programs of packages are scripts there, which only a shell can start.
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw hookError(program, `cannot be started: ${error.message}`, { cause: error });
  const said = `${stdout}${stderr}`.trim();
  if (status !== 0) {
    const how = signal === null ? `ends with exit code ${status}` : `was ended by ${signal}`;
    throw hookError(program, said === "" ? how : `${how}: ${said.slice(-500)}`, { status, signal });
  }
  if (said !== "") talk(said);
}

function binDirectories(directory: string): readonly string[] {
  const parent = dirname(directory);
  const own = join(directory, "node_modules", ".bin");
  return parent === directory ? [own] : [own, ...binDirectories(parent)];
}

function hookError(
  name: string,
  problem: string,
  { cause, ...details }: { readonly cause?: unknown; readonly [fact: string]: unknown },
): MigrationError {
  return new MigrationError("SKM_HOOK", `the hook ${quoteForMessage(name)} ${problem}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { hook: name, ...details },
    hint: "the new file was deleted; check postWriteHooks of the configuration",
  });
}
