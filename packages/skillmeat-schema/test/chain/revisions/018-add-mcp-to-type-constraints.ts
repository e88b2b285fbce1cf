import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260108_1700_add_mcp_to_type_constraints",
  downRevision: "20260104_1000_add_path_based_tag_extraction",
  message: "Allow entries of type mcp",

  upgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_artifact_type");
      batch.createCheckConstraint({
        name: "check_catalog_artifact_type",
        expression:
          "artifact_type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("marketplace_catalog_entries", (batch) => {
      batch.dropConstraint("check_catalog_artifact_type");
      batch.createCheckConstraint({
        name: "check_catalog_artifact_type",
        expression:
          "artifact_type IN ('skill', 'command', 'agent', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },
});
