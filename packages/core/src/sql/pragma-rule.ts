/**
 * The PRAGMAs a revision may use: those that read the schema or check the data, and the few that write
 * something which is part of the transaction (pragma.html). Everything else changes the connection, cannot
 * change inside a transaction, or can damage the file.
 */
const anyForm: ReadonlySet<string> = new Set([
  "analysis_limit",
  "application_id",
  "collation_list",
  "compile_options",
  "database_list",
  "defer_foreign_keys",
  "foreign_key_check",
  "foreign_key_list",
  "function_list",
  "index_info",
  "index_list",
  "index_xinfo",
  "integrity_check",
  "module_list",
  "optimize",
  "pragma_list",
  "quick_check",
  "table_info",
  "table_list",
  "table_xinfo",
  "user_version",
]);

const readOnlyForm: ReadonlySet<string> = new Set([
  "encoding",
  "freelist_count",
  "page_count",
  "page_size",
  "schema_version",
]);

const hints: ReadonlyMap<string, string> = new Map([
  [
    "foreign_keys",
    "remove it: inside a transaction SQLite ignores it without a word; table rebuilds suspend foreign keys by themselves",
  ],
  ["journal_mode", "set it on the connection of the application: it cannot change inside a transaction"],
  ["writable_schema", "use the operations of op: editing the stored schema can make the database unreadable"],
  [
    "legacy_alter_table",
    "remove it: op.renameTable and table rebuilds keep views and triggers by themselves",
  ],
  ["ignore_check_constraints", "repair the rows first: they would break the constraint for ever"],
]);

/** Tells whether a revision may run this PRAGMA. `name` is in lower case, without a schema. */
export function isPragmaAllowed(name: string, form: "read" | "write"): boolean {
  return anyForm.has(name) || (form === "read" && readOnlyForm.has(name));
}

/** Why a PRAGMA is refused and what to do instead. */
export function pragmaHint(name: string): string {
  return hints.get(name) ?? "set it on the connection of the application, not in a revision";
}
