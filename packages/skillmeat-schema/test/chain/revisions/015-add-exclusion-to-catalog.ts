import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251231_2103_add_exclusion_to_catalog",
  downRevision: "20251227_1100_populate_raw_score_for_existing_entries",
  message: "Let catalog entries be excluded",

  upgrade(op) {
    op.addColumn("marketplace_catalog_entries", { name: "excluded_at", type: "DATETIME" });
    op.addColumn("marketplace_catalog_entries", { name: "excluded_reason", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_catalog_entries", "excluded_reason");
    op.dropColumn("marketplace_catalog_entries", "excluded_at");
  },
});
