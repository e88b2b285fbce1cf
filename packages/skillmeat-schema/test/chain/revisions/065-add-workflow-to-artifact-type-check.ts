import { defineRevision } from "@skillmeat/migrate-core";

/** The original failed on every database: a trigger of another table mentions `artifacts`. */
export default defineRevision({
  revision: "20260303_1100_add_workflow_to_artifact_type_check",
  downRevision: "20260303_1000_add_remote_git_platform_and_deployment_set_remote_fields",
  message: "Allow artifacts of type workflow",

  upgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropConstraint("check_artifact_type");
      batch.createCheckConstraint({
        name: "check_artifact_type",
        expression:
          "type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'workflow', 'composite', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropConstraint("check_artifact_type");
      batch.createCheckConstraint({
        name: "check_artifact_type",
        expression:
          "type IN ('skill', 'command', 'agent', 'mcp', 'mcp_server', 'hook', 'composite', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },
});
