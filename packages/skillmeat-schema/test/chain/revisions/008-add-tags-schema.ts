import { defineRevision, sql } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

export default defineRevision({
  revision: "20251218_0001_add_tags_schema",
  downRevision: "20251217_1500_add_artifact_versions",
  message: "Add tags",

  upgrade(op) {
    op.createTable({
      name: "tags",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "name", type: "TEXT(100)", nullable: false },
        { name: "slug", type: "TEXT(100)", nullable: false },
        { name: "color", type: "TEXT(7)" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      checks: [
        { name: "check_tag_name_length", expression: "length(name) > 0 AND length(name) <= 100" },
        { name: "check_tag_slug_length", expression: "length(slug) > 0 AND length(slug) <= 100" },
        {
          name: "check_tag_color_format",
          expression: "color IS NULL OR (length(color) = 7 AND color LIKE '#%')",
        },
      ],
    });
    op.createIndex({ name: "idx_tags_name", table: "tags", columns: ["name"], unique: true });
    op.createIndex({ name: "idx_tags_slug", table: "tags", columns: ["slug"], unique: true });
    op.createTable({
      name: "artifact_tags",
      columns: [
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "tag_id", type: "TEXT", nullable: false },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      primaryKey: ["artifact_id", "tag_id"],
      foreignKeys: [
        {
          name: "fk_artifact_tags_artifact_id",
          columns: ["artifact_id"],
          references: { table: "artifacts", columns: ["id"], onDelete: "cascade" },
        },
        {
          name: "fk_artifact_tags_tag_id",
          columns: ["tag_id"],
          references: { table: "tags", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({
      name: "idx_artifact_tags_artifact_id",
      table: "artifact_tags",
      columns: ["artifact_id"],
    });
    op.createIndex({ name: "idx_artifact_tags_tag_id", table: "artifact_tags", columns: ["tag_id"] });
    op.createIndex({ name: "idx_artifact_tags_created_at", table: "artifact_tags", columns: ["created_at"] });
    setSchemaVersion(op, "1.4.0");
  },

  downgrade(op) {
    op.dropTable("artifact_tags");
    op.dropTable("tags");
    setSchemaVersion(op, "1.3.0");
  },
});
