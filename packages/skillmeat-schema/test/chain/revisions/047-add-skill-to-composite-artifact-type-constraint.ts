import { defineRevision } from "@skillmeat/migrate-core";

/** The original copied the table while foreign keys were enforced, and emptied `composite_memberships`. */
export default defineRevision({
  revision: "20260222_1000_add_skill_to_composite_artifact_type_constraint",
  downRevision: "20260220_1200_add_composite_mcp_to_artifact_type_constraint",
  message: "Allow composites of type skill",

  upgrade(op) {
    op.batchAlterTable("composite_artifacts", (batch) => {
      batch.dropConstraint("check_composite_artifact_type");
      batch.createCheckConstraint({
        name: "check_composite_artifact_type",
        expression: "composite_type IN ('plugin', 'stack', 'suite', 'skill')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("composite_artifacts", (batch) => {
      batch.dropConstraint("check_composite_artifact_type");
      batch.createCheckConstraint({
        name: "check_composite_artifact_type",
        expression: "composite_type IN ('plugin', 'stack', 'suite')",
      });
    });
  },
});
