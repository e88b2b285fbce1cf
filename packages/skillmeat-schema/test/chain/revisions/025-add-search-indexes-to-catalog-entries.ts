import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260124_1100_add_search_indexes_to_catalog_entries",
  downRevision: "20260124_1000_add_search_columns_to_catalog_entries",
  message: "Index what entries are searched by",

  upgrade(op) {
    op.createIndex({
      name: "idx_catalog_search_name",
      table: "marketplace_catalog_entries",
      columns: ["name"],
    });
    op.createIndex({
      name: "idx_catalog_search_type_status",
      table: "marketplace_catalog_entries",
      columns: ["artifact_type", "status"],
    });
    op.createIndex({
      name: "idx_catalog_search_confidence",
      table: "marketplace_catalog_entries",
      columns: ["confidence_score"],
    });
  },

  downgrade(op) {
    op.dropIndex("idx_catalog_search_confidence");
    op.dropIndex("idx_catalog_search_type_status");
    op.dropIndex("idx_catalog_search_name");
  },
});
