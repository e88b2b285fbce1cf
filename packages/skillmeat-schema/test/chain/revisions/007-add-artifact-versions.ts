import { defineRevision, sql } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

export default defineRevision({
  revision: "20251217_1500_add_artifact_versions",
  downRevision: "20251215_1400_add_collection_type_fields",
  message: "Keep the versions of an artifact",

  upgrade(op) {
    op.createTable({
      name: "artifact_versions",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "content_hash", type: "TEXT", nullable: false },
        { name: "parent_hash", type: "TEXT" },
        { name: "change_origin", type: "TEXT", nullable: false },
        { name: "version_lineage", type: "TEXT" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "metadata", type: "TEXT" },
      ],
      checks: [
        {
          name: "check_artifact_versions_change_origin",
          expression: "change_origin IN ('deployment', 'sync', 'local_modification')",
        },
      ],
      foreignKeys: [
        {
          name: "fk_artifact_versions_artifact_id",
          columns: ["artifact_id"],
          references: { table: "artifacts", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({
      name: "idx_artifact_versions_artifact_id",
      table: "artifact_versions",
      columns: ["artifact_id"],
    });
    op.createIndex({
      name: "idx_artifact_versions_content_hash",
      table: "artifact_versions",
      columns: ["content_hash"],
      unique: true,
    });
    op.createIndex({
      name: "idx_artifact_versions_parent_hash",
      table: "artifact_versions",
      columns: ["parent_hash"],
    });
    op.createIndex({
      name: "idx_artifact_versions_artifact_created",
      table: "artifact_versions",
      columns: ["artifact_id", "created_at"],
    });
    op.createIndex({
      name: "idx_artifact_versions_change_origin",
      table: "artifact_versions",
      columns: ["change_origin"],
    });
    setSchemaVersion(op, "1.3.0");
  },

  downgrade(op) {
    op.dropTable("artifact_versions");
    setSchemaVersion(op, "1.2.1");
  },
});
