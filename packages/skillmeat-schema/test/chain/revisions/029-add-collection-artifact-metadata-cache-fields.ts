import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260201_1000_add_collection_artifact_metadata_cache_fields",
  downRevision: "20260124_1400_update_fts5_with_deep_search",
  message: "Cache the metadata of collected artifacts",

  upgrade(op) {
    op.addColumn("collection_artifacts", { name: "description", type: "TEXT" });
    op.addColumn("collection_artifacts", { name: "author", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "license", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "tags_json", type: "TEXT" });
    op.addColumn("collection_artifacts", { name: "version", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "source", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "origin", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "origin_source", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "resolved_sha", type: "VARCHAR(64)" });
    op.addColumn("collection_artifacts", { name: "resolved_version", type: "VARCHAR" });
    op.addColumn("collection_artifacts", { name: "synced_at", type: "DATETIME" });
    op.createIndex({
      name: "idx_collection_artifacts_synced_at",
      table: "collection_artifacts",
      columns: ["synced_at"],
    });
  },

  downgrade(op) {
    op.dropIndex("idx_collection_artifacts_synced_at");
    op.dropColumn("collection_artifacts", "synced_at");
    op.dropColumn("collection_artifacts", "resolved_version");
    op.dropColumn("collection_artifacts", "resolved_sha");
    op.dropColumn("collection_artifacts", "origin_source");
    op.dropColumn("collection_artifacts", "origin");
    op.dropColumn("collection_artifacts", "source");
    op.dropColumn("collection_artifacts", "version");
    op.dropColumn("collection_artifacts", "tags_json");
    op.dropColumn("collection_artifacts", "license");
    op.dropColumn("collection_artifacts", "author");
    op.dropColumn("collection_artifacts", "description");
  },
});
