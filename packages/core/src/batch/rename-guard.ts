import type { Guard } from "./batch-plan.ts";

/**
 * SQLite looks at every view and trigger when it renames something, and names the one that would break or was
 * broken before (lang_altertable.html#alter_table_rename).
 *
 * @param what such as `column "users.email"`.
 */
export function renameGuard(what: string): Guard {
  return {
    code: "SKM_OBJECT_IN_USE",
    message: `cannot rename ${what}`,
    tellsCause: true,
    onlyWith: "error in ",
    details: { object: what },
    hint: 'drop that view or trigger before the change, and create it again after it; a table with strings in double quotes is mended by op.batchAlterTable(…, { recreate: "always" })',
  };
}
