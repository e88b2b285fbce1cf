import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260124_1300_add_clone_target_fields",
  downRevision: "20260124_1200_add_fts5_catalog_search",
  message: "Remember how a source is cloned and indexed deeply",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "clone_target_json", type: "TEXT" });
    op.addColumn("marketplace_sources", {
      name: "deep_indexing_enabled",
      type: "BOOLEAN",
      nullable: false,
      default: "0",
    });
    op.addColumn("marketplace_sources", { name: "webhook_secret", type: "VARCHAR(64)" });
    op.addColumn("marketplace_sources", { name: "last_webhook_event_at", type: "DATETIME" });
    op.addColumn("marketplace_catalog_entries", { name: "deep_search_text", type: "TEXT" });
    op.addColumn("marketplace_catalog_entries", { name: "deep_indexed_at", type: "DATETIME" });
    op.addColumn("marketplace_catalog_entries", { name: "deep_index_files", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_catalog_entries", "deep_index_files");
    op.dropColumn("marketplace_catalog_entries", "deep_indexed_at");
    op.dropColumn("marketplace_catalog_entries", "deep_search_text");
    op.dropColumn("marketplace_sources", "last_webhook_event_at");
    op.dropColumn("marketplace_sources", "webhook_secret");
    op.dropColumn("marketplace_sources", "deep_indexing_enabled");
    op.dropColumn("marketplace_sources", "clone_target_json");
  },
});
