import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260303_1000_add_remote_git_platform_and_deployment_set_remote_fields",
  downRevision: "20260301_1300_add_color_to_entity_type_configs",
  message: "Deploy to remote Git repositories",

  upgrade(op) {
    op.batchAlterTable("deployment_profiles", { recreate: "always" }, (batch) => {
      batch.dropConstraint("ck_deployment_profiles_platform");
      batch.createCheckConstraint({
        name: "ck_deployment_profiles_platform",
        expression: "platform IN ('claude_code', 'codex', 'gemini', 'cursor', 'remote_git', 'other')",
      });
    });
    op.addColumn("deployment_sets", { name: "remote_url", type: "TEXT" });
    op.addColumn("deployment_sets", { name: "provisioned_by", type: "VARCHAR(128)" });
  },

  downgrade(op) {
    op.dropColumn("deployment_sets", "provisioned_by");
    op.dropColumn("deployment_sets", "remote_url");
    op.batchAlterTable("deployment_profiles", { recreate: "always" }, (batch) => {
      batch.dropConstraint("ck_deployment_profiles_platform");
      batch.createCheckConstraint({
        name: "ck_deployment_profiles_platform",
        expression: "platform IN ('claude_code', 'codex', 'gemini', 'cursor', 'other')",
      });
    });
  },
});
