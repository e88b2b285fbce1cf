import { defineRevision, sql } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

export default defineRevision({
  revision: "20251212_1600_create_collections_schema",
  downRevision: "20251212_1537_add_description_notes",
  message: "Group artifacts into collections",

  upgrade(op) {
    op.createTable({
      name: "collections",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "name", type: "VARCHAR(255)", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "created_by", type: "TEXT" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      checks: [
        { name: "check_collection_name_length", expression: "length(name) > 0 AND length(name) <= 255" },
      ],
    });
    op.createIndex({ name: "idx_collections_name", table: "collections", columns: ["name"] });
    op.createIndex({ name: "idx_collections_created_by", table: "collections", columns: ["created_by"] });
    op.createIndex({ name: "idx_collections_created_at", table: "collections", columns: ["created_at"] });
    op.createTable({
      name: "groups",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "collection_id", type: "TEXT", nullable: false },
        { name: "name", type: "VARCHAR(255)", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "position", type: "INTEGER", nullable: false, default: "0" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      uniques: [{ name: "uq_group_collection_name", columns: ["collection_id", "name"] }],
      checks: [
        { name: "check_group_name_length", expression: "length(name) > 0 AND length(name) <= 255" },
        { name: "check_group_position", expression: "position >= 0" },
      ],
      foreignKeys: [
        {
          name: "fk_groups_collection_id",
          columns: ["collection_id"],
          references: { table: "collections", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({ name: "idx_groups_collection_id", table: "groups", columns: ["collection_id"] });
    op.createIndex({
      name: "idx_groups_collection_position",
      table: "groups",
      columns: ["collection_id", "position"],
    });
    op.createTable({
      name: "collection_artifacts",
      columns: [
        { name: "collection_id", type: "TEXT", nullable: false },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "added_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      primaryKey: ["collection_id", "artifact_id"],
      foreignKeys: [
        {
          name: "fk_collection_artifacts_collection_id",
          columns: ["collection_id"],
          references: { table: "collections", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({
      name: "idx_collection_artifacts_collection_id",
      table: "collection_artifacts",
      columns: ["collection_id"],
    });
    op.createIndex({
      name: "idx_collection_artifacts_artifact_id",
      table: "collection_artifacts",
      columns: ["artifact_id"],
    });
    op.createIndex({
      name: "idx_collection_artifacts_added_at",
      table: "collection_artifacts",
      columns: ["added_at"],
    });
    op.createTable({
      name: "group_artifacts",
      columns: [
        { name: "group_id", type: "TEXT", nullable: false },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "position", type: "INTEGER", nullable: false, default: "0" },
        { name: "added_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      primaryKey: ["group_id", "artifact_id"],
      checks: [{ name: "check_group_artifact_position", expression: "position >= 0" }],
      foreignKeys: [
        {
          name: "fk_group_artifacts_group_id",
          columns: ["group_id"],
          references: { table: "groups", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({ name: "idx_group_artifacts_group_id", table: "group_artifacts", columns: ["group_id"] });
    op.createIndex({
      name: "idx_group_artifacts_artifact_id",
      table: "group_artifacts",
      columns: ["artifact_id"],
    });
    op.createIndex({
      name: "idx_group_artifacts_group_position",
      table: "group_artifacts",
      columns: ["group_id", "position"],
    });
    op.createIndex({ name: "idx_group_artifacts_added_at", table: "group_artifacts", columns: ["added_at"] });
    op.createTrigger({
      name: "collections_updated_at",
      table: "collections",
      timing: "after",
      event: "update",
      body: "UPDATE collections SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    op.createTrigger({
      name: "groups_updated_at",
      table: "groups",
      timing: "after",
      event: "update",
      body: "UPDATE groups SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    setSchemaVersion(op, "1.1.0");
  },

  downgrade(op) {
    op.dropTable("group_artifacts");
    op.dropTable("collection_artifacts");
    op.dropTable("groups");
    op.dropTable("collections");
    setSchemaVersion(op, "1.0.0");
  },
});
