import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260207_1400_add_deployment_profiles_and_target_platforms",
  downRevision: "20260207_1000_add_share_scope_to_memory_items",
  message: "Add deployment profiles and the platforms of an artifact",

  upgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.addColumn({ name: "target_platforms", type: "JSON" });
    });
    op.createTable({
      name: "deployment_profiles",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        {
          name: "project_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "projects", column: "id", onDelete: "cascade" },
        },
        { name: "profile_id", type: "VARCHAR", nullable: false },
        { name: "platform", type: "VARCHAR", nullable: false },
        { name: "root_dir", type: "TEXT", nullable: false },
        { name: "artifact_path_map", type: "JSON" },
        { name: "config_filenames", type: "JSON" },
        { name: "context_prefixes", type: "JSON" },
        { name: "supported_types", type: "JSON" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      uniques: [{ name: "uq_deployment_profiles_project_profile_id", columns: ["project_id", "profile_id"] }],
      checks: [
        {
          name: "ck_deployment_profiles_platform",
          expression: "platform IN ('claude_code', 'codex', 'gemini', 'cursor', 'other')",
        },
      ],
    });
    op.createIndex({
      name: "idx_deployment_profiles_project_profile",
      table: "deployment_profiles",
      columns: ["project_id", "profile_id"],
      unique: true,
    });
  },

  downgrade(op) {
    op.dropTable("deployment_profiles");
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropColumn("target_platforms");
    });
  },
});
