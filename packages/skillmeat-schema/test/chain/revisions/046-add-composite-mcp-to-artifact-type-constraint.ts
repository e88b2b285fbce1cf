import { defineRevision } from "@skillmeat/migrate-core";

/**
 * The original copied `artifacts` only to change a check, while foreign keys were enforced: it emptied
 * `composite_memberships`, `collection_artifacts` and `group_artifacts`. It also failed where the check had the
 * name of the first revision.
 */
export default defineRevision({
  revision: "20260220_1200_add_composite_mcp_to_artifact_type_constraint",
  downRevision: "20260220_0600_add_composite_to_catalog_type_constraint",
  message: "Allow artifacts of the types composite and mcp",

  upgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropConstraint("check_artifact_type");
      batch.createCheckConstraint({
        name: "check_artifact_type",
        expression:
          "type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'composite', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropConstraint("check_artifact_type");
      batch.createCheckConstraint({
        name: "check_artifact_type",
        expression:
          "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },
});
