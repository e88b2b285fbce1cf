import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260124_1000_add_search_columns_to_catalog_entries",
  downRevision: "20260123_1000_add_indexing_enabled_to_marketplace_sources",
  message: "Add the columns that are searched",

  upgrade(op) {
    op.addColumn("marketplace_catalog_entries", { name: "title", type: "VARCHAR(200)" });
    op.addColumn("marketplace_catalog_entries", { name: "description", type: "TEXT" });
    op.addColumn("marketplace_catalog_entries", { name: "search_tags", type: "TEXT" });
    op.addColumn("marketplace_catalog_entries", { name: "search_text", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_catalog_entries", "search_text");
    op.dropColumn("marketplace_catalog_entries", "search_tags");
    op.dropColumn("marketplace_catalog_entries", "description");
    op.dropColumn("marketplace_catalog_entries", "title");
  },
});
