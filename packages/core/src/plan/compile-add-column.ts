import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { AddColumnOperation } from "../ops/operation.ts";
import { columnPrimaryKeyOf } from "../schema/table-definition.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { renderColumn } from "../sql/render-column.ts";

/**
 * Writes ALTER TABLE … ADD COLUMN. What SQLite refuses only when the table has rows, or only while foreign
 * keys are enforced, is left to the engine, which knows.
 *
 * @throws {SKM_NEEDS_REBUILD} a UNIQUE or PRIMARY KEY column, which SQLite never adds
 * (lang_altertable.html#alter_table_add_column).
 */
export function compileAddColumn({ table, column }: AddColumnOperation): string {
  if (columnPrimaryKeyOf(column) !== undefined) {
    throw needsRebuild(table, column.name, [
      "a PRIMARY KEY column",
      "create a new table with the key and copy the rows",
    ]);
  }
  if (column.unique !== undefined && column.unique !== false) {
    const hint = "leave unique out and add it with op.createIndex({ …, unique: true })";
    throw needsRebuild(table, column.name, ["a UNIQUE column", hint]);
  }
  return `ALTER TABLE ${quoteIdentifier(table)} ADD COLUMN ${renderColumn(column)}`;
}

function needsRebuild(
  table: string,
  column: string,
  [what, hint]: readonly [what: string, hint: string],
): MigrationError {
  const name = quoteForMessage(`${table}.${column}`);
  return new MigrationError("SKM_NEEDS_REBUILD", `cannot add ${name}: SQLite cannot add ${what} to a table`, {
    details: { table, column },
    hint,
  });
}
