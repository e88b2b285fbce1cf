import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251226_1500_add_frontmatter_detection",
  downRevision: "20251223_1430_update_match_history_schema",
  message: "Let a source look for front matter",

  upgrade(op) {
    op.addColumn("marketplace_sources", {
      name: "enable_frontmatter_detection",
      type: "BOOLEAN",
      nullable: false,
      default: "false",
    });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "enable_frontmatter_detection");
  },
});
