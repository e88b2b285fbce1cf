import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260202_1000_add_tools_json_to_collection_artifacts",
  downRevision: "20260201_1000_add_collection_artifact_metadata_cache_fields",
  message: "Keep the tools of collected artifacts",

  upgrade(op) {
    op.addColumn("collection_artifacts", { name: "tools_json", type: "TEXT" });
    op.createIndex({
      name: "idx_collection_artifacts_tools_json",
      table: "collection_artifacts",
      columns: ["tools_json"],
    });
  },

  downgrade(op) {
    op.dropIndex("idx_collection_artifacts_tools_json");
    op.dropColumn("collection_artifacts", "tools_json");
  },
});
