import { quoteForMessage } from "@skillmeat/migrate-core";
import { usageError } from "./usage-error.ts";

/** What `-x key=value` gave: a text, or a list of texts where the key was given several times. */
export type Assignments = Readonly<Record<string, string | readonly string[]>>;

/**
 * Reads the values of `-x`. A word without `=` is a key with the empty text, as in Alembic. The map has no
 * prototype, so that no key, `__proto__` included, is anything but a key.
 *
 * @throws {MigrationError} SKM_USAGE when a key is empty.
 */
export function readAssignments(words: readonly string[]): Assignments {
  const values = new Map<string, string[]>();
  for (const word of words) {
    const equals = word.indexOf("=");
    const key = equals === -1 ? word : word.slice(0, equals);
    const value = equals === -1 ? "" : word.slice(equals + 1);
    if (key === "") throw usageError(`-x ${quoteForMessage(word)} has no key`, "write -x key=value");
    const list = values.get(key);
    if (list === undefined) values.set(key, [value]);
    else list.push(value);
  }
  const map: Record<string, string | readonly string[]> = Object.create(null);
  for (const [key, list] of values) map[key] = list.length === 1 ? (list[0] ?? "") : Object.freeze(list);
  return Object.freeze(map);
}
