import { defineRevision } from "@skillmeat/migrate-core";

/** The original lost the triggers that keep the full-text index here. */
export default defineRevision({
  revision: "20260220_0600_add_composite_to_catalog_type_constraint",
  downRevision: "20260219_1500_add_position_to_composite_memberships",
  message: "Allow catalog entries of type composite",

  upgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_artifact_type");
      batch.createCheckConstraint({
        name: "check_catalog_artifact_type",
        expression:
          "artifact_type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'composite', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_artifact_type");
      batch.createCheckConstraint({
        name: "check_catalog_artifact_type",
        expression:
          "artifact_type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },
});
