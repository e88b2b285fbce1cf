import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260122_1100_add_tools_and_linked_artifacts",
  downRevision: "20260122_1000_add_auto_tags_to_marketplace_sources",
  message: "Keep tools and linked artifacts of an entry",

  upgrade(op) {
    op.addColumn("marketplace_catalog_entries", { name: "tools", type: "TEXT", default: "[]" });
    op.addColumn("marketplace_catalog_entries", { name: "linked_artifacts", type: "TEXT", default: "[]" });
    op.createIndex({
      name: "idx_catalog_entries_tools",
      table: "marketplace_catalog_entries",
      columns: ["tools"],
    });
  },

  downgrade(op) {
    op.dropIndex("idx_catalog_entries_tools");
    op.dropColumn("marketplace_catalog_entries", "linked_artifacts");
    op.dropColumn("marketplace_catalog_entries", "tools");
  },
});
