import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260104_1000_add_path_based_tag_extraction",
  downRevision: "20260102_1000_update_catalog_status_constraint",
  message: "Find tags in the paths of a source",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "path_tag_config", type: "TEXT" });
    op.addColumn("marketplace_catalog_entries", { name: "path_segments", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_catalog_entries", "path_segments");
    op.dropColumn("marketplace_sources", "path_tag_config");
  },
});
