import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260120_1000_add_single_artifact_mode_to_marketplace_sources",
  downRevision: "20260118_1000_add_marketplace_source_metadata_fields",
  message: "Let a whole source be one artifact",

  upgrade(op) {
    op.addColumn("marketplace_sources", {
      name: "single_artifact_mode",
      type: "BOOLEAN",
      nullable: false,
      default: "false",
    });
    op.addColumn("marketplace_sources", { name: "single_artifact_type", type: "VARCHAR(20)" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "single_artifact_type");
    op.dropColumn("marketplace_sources", "single_artifact_mode");
  },
});
