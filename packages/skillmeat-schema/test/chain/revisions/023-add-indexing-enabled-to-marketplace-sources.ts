import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260123_1000_add_indexing_enabled_to_marketplace_sources",
  downRevision: "20260122_1100_add_tools_and_linked_artifacts",
  message: "Let the index of a source be switched",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "indexing_enabled", type: "BOOLEAN" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "indexing_enabled");
  },
});
