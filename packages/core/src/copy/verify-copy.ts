import type { Executor } from "../driver/driver.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { mismatch, showTable } from "./copy-error.ts";
import { readFirst, type Source } from "./read-source.ts";
import { readObjects, type SchemaObject } from "./schema-object.ts";

/**
 * Compares a copy with its source: every definition by its text, every table by its number of rows.
 *
 * @throws {MigrationError} SKM_COPY_MISMATCH
 */
export async function assertComplete(target: Executor, source: Source): Promise<void> {
  await assertSameObjects(target, source.objects);
  for (const { name, rows } of source.tables) {
    const found = Number(await readFirst(target, `SELECT count(*) FROM ${quoteIdentifier(name)}`));
    if (found !== rows) throw mismatch(`${showTable(name)} has ${found} rows, expected ${rows}`);
  }
}

/** @throws {MigrationError} SKM_COPY_MISMATCH */
export async function assertSameObjects(target: Executor, expected: readonly SchemaObject[]): Promise<void> {
  const found = byName(await readObjects(target));
  const wanted = byName(expected);
  for (const [key, { type, name, sql }] of wanted) {
    if (found.get(key)?.sql !== sql) throw mismatch(`${type} ${quoteForMessage(name)} is not the same`);
  }
  const extra = [...found].find(([key]) => !wanted.has(key))?.[1];
  if (extra !== undefined) throw mismatch(`there is a ${extra.type} ${quoteForMessage(extra.name)}`);
}

/** Shadow tables are left out: which there are, and how, is up to the version of their module. */
function byName(objects: readonly SchemaObject[]): ReadonlyMap<string, SchemaObject> {
  return new Map(
    objects
      .filter(({ kind }) => kind !== "shadow")
      .map((object) => [`${object.type} ${object.name}`, object]),
  );
}
