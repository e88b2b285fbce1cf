import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251215_1400_add_collection_type_fields",
  downRevision: "20251215_1200_add_project_templates",
  message: "Tell collections apart by type and category",

  upgrade(op) {
    op.addColumn("collections", { name: "collection_type", type: "VARCHAR" });
    op.addColumn("collections", { name: "context_category", type: "VARCHAR" });
    op.createIndex({ name: "idx_collections_type", table: "collections", columns: ["collection_type"] });
  },

  downgrade(op) {
    op.dropIndex("idx_collections_type");
    op.dropColumn("collections", "context_category");
    op.dropColumn("collections", "collection_type");
  },
});
