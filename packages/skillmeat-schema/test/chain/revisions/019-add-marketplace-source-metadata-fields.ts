import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260118_1000_add_marketplace_source_metadata_fields",
  downRevision: "20260108_1700_add_mcp_to_type_constraints",
  message: "Keep what the repository of a source says about itself",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "repo_description", type: "VARCHAR(2000)" });
    op.addColumn("marketplace_sources", { name: "repo_readme", type: "TEXT" });
    op.addColumn("marketplace_sources", { name: "tags", type: "TEXT" });
    op.addColumn("marketplace_sources", { name: "counts_by_type", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "counts_by_type");
    op.dropColumn("marketplace_sources", "tags");
    op.dropColumn("marketplace_sources", "repo_readme");
    op.dropColumn("marketplace_sources", "repo_description");
  },
});
