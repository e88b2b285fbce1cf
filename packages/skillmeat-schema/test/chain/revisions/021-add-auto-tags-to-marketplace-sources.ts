import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260122_1000_add_auto_tags_to_marketplace_sources",
  downRevision: "20260120_1000_add_single_artifact_mode_to_marketplace_sources",
  message: "Keep the tags that were found automatically",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "auto_tags", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "auto_tags");
  },
});
