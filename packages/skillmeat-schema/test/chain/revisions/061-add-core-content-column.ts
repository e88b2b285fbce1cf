import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260301_1100_add_core_content_column",
  downRevision: "20260301_1000_add_custom_type_fields",
  message: "Keep the core of an artifact's content",

  upgrade(op) {
    op.addColumn("artifacts", { name: "core_content", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("artifacts", "core_content");
  },
});
