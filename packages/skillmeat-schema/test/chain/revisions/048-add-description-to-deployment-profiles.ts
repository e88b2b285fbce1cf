import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260222_1100_add_description_to_deployment_profiles",
  downRevision: "20260222_1000_add_skill_to_composite_artifact_type_constraint",
  message: "Describe deployment profiles",

  upgrade(op) {
    op.batchAlterTable("deployment_profiles", (batch) => {
      batch.addColumn({ name: "description", type: "TEXT" });
    });
  },

  downgrade(op) {
    op.batchAlterTable("deployment_profiles", (batch) => {
      batch.dropColumn("description");
    });
  },
});
