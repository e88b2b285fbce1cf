import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260102_1000_update_catalog_status_constraint",
  downRevision: "20251231_2103_add_exclusion_to_catalog",
  message: "Allow the status of an excluded entry",

  upgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_status");
      batch.createCheckConstraint({
        name: "check_catalog_status",
        expression: "status IN ('new', 'updated', 'removed', 'imported', 'excluded')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_status");
      batch.createCheckConstraint({
        name: "check_catalog_status",
        expression: "status IN ('new', 'updated', 'removed', 'imported')",
      });
    });
  },
});
