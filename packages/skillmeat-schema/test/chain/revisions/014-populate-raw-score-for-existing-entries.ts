import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251227_1100_populate_raw_score_for_existing_entries",
  downRevision: "20251227_1000_add_raw_score_and_breakdown_to_catalog",
  message: "Give the entries that are there a raw score",

  upgrade(op) {
    op.execute(
      "UPDATE marketplace_catalog_entries SET raw_score = CASE WHEN confidence_score > 65 THEN 65 ELSE confidence_score END WHERE raw_score IS NULL",
    );
  },

  downgrade(op) {
    op.execute("UPDATE marketplace_catalog_entries SET raw_score = NULL");
  },
});
