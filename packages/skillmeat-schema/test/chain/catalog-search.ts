import type { Operations } from "@skillmeat/migrate-core";

const stored = ["name", "artifact_type"];

/**
 * Makes the full-text index of the catalog and the triggers that keep it. All entries are indexed: the
 * original left out those without `search_text`, and because the triggers delete every row from the index,
 * the next change of such an entry was answered with "database disk image is malformed".
 */
export function createCatalogSearch(op: Operations, searched: readonly string[]): void {
  const columns = ["rowid", ...stored, ...searched];
  op.execute(`CREATE VIRTUAL TABLE catalog_fts USING fts5(
    ${[...stored.map((column) => `${column} UNINDEXED`), ...searched].join(", ")},
    content='marketplace_catalog_entries', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2'
  )`);
  const values = (row: string): string => columns.map((column) => `${row}.${column}`).join(", ");
  const add = `INSERT INTO catalog_fts(${columns.join(", ")}) VALUES (${values("NEW")})`;
  const remove = `INSERT INTO catalog_fts(catalog_fts, ${columns.join(", ")}) VALUES ('delete', ${values("OLD")})`;
  const table = "marketplace_catalog_entries";
  op.createTrigger({ name: "catalog_fts_ai", table, timing: "after", event: "insert", body: add });
  op.createTrigger({ name: "catalog_fts_ad", table, timing: "after", event: "delete", body: remove });
  op.createTrigger({ name: "catalog_fts_au", table, timing: "after", event: "update", body: [remove, add] });
  op.execute("INSERT INTO catalog_fts(catalog_fts) VALUES ('rebuild')");
}

export function dropCatalogSearch(op: Operations): void {
  for (const trigger of ["catalog_fts_au", "catalog_fts_ad", "catalog_fts_ai"]) op.dropTrigger(trigger);
  op.dropTable("catalog_fts");
}
