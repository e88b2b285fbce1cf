import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251220_1000_add_content_description_to_artifacts",
  downRevision: "20251218_0001_add_tags_schema",
  message: "Keep the content and a description with an artifact",

  upgrade(op) {
    op.addColumn("artifacts", { name: "content", type: "TEXT" });
    op.addColumn("artifacts", { name: "description", type: "TEXT" });
  },

  downgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropColumn("description");
      batch.dropColumn("content");
    });
  },
});
