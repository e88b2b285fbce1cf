import { quoteForMessage } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads an environment variable; an empty one counts as not set.
 *
 * @throws {MigrationError} SKM_USAGE when its bytes are not UTF-8: Node replaces them by U+FFFD, and the name
 * that is left is another one.
 */
export function readEnvironment(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value === undefined || value === "") return undefined;
  assertUtf8(value, `the environment variable ${name}`);
  return value;
}

/** @throws {MigrationError} SKM_USAGE, also for NUL, which no file system knows. */
export function assertUtf8(value: string, what: string): void {
  if (value.includes("\0"))
    throw usageError(`${what} contains NUL: ${quoteForMessage(value)}`, "leave it out");
  if (!value.includes("\uFFFD")) return;
  throw usageError(
    `${what} is not valid UTF-8: ${quoteForMessage(value)}`,
    "write the name in UTF-8, or use a path without such characters",
  );
}
