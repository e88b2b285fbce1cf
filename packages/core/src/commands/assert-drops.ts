import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { canBecome } from "../autogenerate/diff-tables.ts";
import { selectObjects } from "../autogenerate/select-objects.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import { suggestNames } from "../revision/suggest-names.ts";
import type { DatabaseSchema, InspectedTable } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";

export interface Sides {
  readonly from: DatabaseSchema;
  readonly to: DatabaseSchema;
}

/** What a comparison knows once renames are settled. */
export interface SettledSides extends Sides {
  /** The first schema before anything was renamed. */
  readonly before: DatabaseSchema;
  /** The renames that were made. */
  readonly operations: readonly Operation[];
  readonly options: DiffOptions;
}

/**
 * What the first schema has and the second has not: `table`, or `table.column` where both have the table. A
 * virtual table that has to be made again counts as gone.
 */
export function listGone({ from, to }: Sides, options: DiffOptions): readonly string[] {
  const [left, right] = [selectObjects(from, options), selectObjects(to, options)];
  const byName = new Map(right.tables.map((table) => [foldName(table.name), table]));
  return left.tables.flatMap((table) => {
    const other = byName.get(foldName(table.name));
    if (other === undefined || !canBecome(table, other)) return [table.name];
    const columns = new Set(other.columns.map(({ name }) => foldName(name)));
    return table.columns
      .filter(({ name }) => !columns.has(foldName(name)))
      .map(({ name }) => `${table.name}.${name}`);
  });
}

/** The names of a table, the present one and the one before it was renamed. */
export function namesOfTable(table: string, operations: readonly Operation[]): readonly string[] {
  const old = operations.find((one) => one.kind === "renameTable" && one.to === table);
  return old?.kind === "renameTable" ? [table, old.table] : [table];
}

/**
 * Checks that everything that somebody wants to see dropped really goes: a name that is mistyped must not pass for
 * an answer.
 *
 * @throws {MigrationError} SKM_AUTOGENERATE_RENAME.
 */
export function assertDrops(drops: readonly string[], sides: SettledSides): void {
  const gone = listGone(sides, sides.options).flatMap((path) => withOldName(path, sides.operations));
  const known = new Set(gone.map(foldName));
  for (const drop of drops) {
    if (!known.has(foldName(drop))) throw doesNotGo(drop, gone, sides);
  }
}

function withOldName(path: string, operations: readonly Operation[]): readonly string[] {
  const dot = path.indexOf(".");
  if (dot < 0) return [path];
  return namesOfTable(path.slice(0, dot), operations).map((name) => name + path.slice(dot));
}

function doesNotGo(drop: string, gone: readonly string[], sides: SettledSides): MigrationError {
  const stays = listAll(sides.before.tables).some((path) => foldName(path) === foldName(drop));
  const suggestions = stays ? [] : suggestNames(drop, gone);
  const reason = stays
    ? "it stays, or is renamed"
    : "nothing of this name goes; write table for a table and table.column for a column";
  return new MigrationError("SKM_AUTOGENERATE_RENAME", `cannot drop ${quoteForMessage(drop)}: ${reason}`, {
    details: { drop, suggestions },
    hint: hintFor(suggestions, gone),
  });
}

function listAll(tables: readonly InspectedTable[]): readonly string[] {
  return tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => `${name}.${column.name}`)]);
}

/** How many names a hint shows. */
const shown = 5;

/** What was meant, or what there is. */
export function hintFor(suggestions: readonly string[], gone: readonly string[]): string {
  const quoted = (names: readonly string[]): string => names.map((name) => quoteForMessage(name)).join(", ");
  if (suggestions.length > 0) return `did you mean ${quoted(suggestions)}?`;
  if (gone.length === 0) return "leave it out: no table and no column goes";
  const more = gone.length > shown ? ` and ${gone.length - shown} more` : "";
  return `what goes: ${quoted(gone.slice(0, shown))}${more}`;
}
