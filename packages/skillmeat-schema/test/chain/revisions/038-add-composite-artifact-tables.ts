import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260218_1100_add_composite_artifact_tables",
  downRevision: "20260218_1000_add_artifact_uuid_column",
  message: "Compose artifacts of others",

  upgrade(op) {
    op.createTable({
      name: "composite_artifacts",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        { name: "collection_id", type: "VARCHAR", nullable: false },
        { name: "composite_type", type: "VARCHAR", nullable: false, default: "plugin" },
        { name: "display_name", type: "VARCHAR" },
        { name: "description", type: "TEXT" },
        { name: "metadata_json", type: "TEXT" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        {
          name: "check_composite_artifact_type",
          expression: "composite_type IN ('plugin', 'stack', 'suite')",
        },
      ],
    });
    op.createIndex({
      name: "idx_composite_artifacts_collection_id",
      table: "composite_artifacts",
      columns: ["collection_id"],
    });
    op.createIndex({
      name: "idx_composite_artifacts_composite_type",
      table: "composite_artifacts",
      columns: ["composite_type"],
    });
    op.createTable({
      name: "composite_memberships",
      columns: [
        { name: "collection_id", type: "VARCHAR", nullable: false },
        {
          name: "composite_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "composite_artifacts", column: "id", onDelete: "cascade" },
        },
        {
          name: "child_artifact_uuid",
          type: "VARCHAR",
          nullable: false,
          references: { table: "artifacts", column: "uuid", onDelete: "cascade" },
        },
        { name: "relationship_type", type: "VARCHAR", nullable: false, default: "contains" },
        { name: "pinned_version_hash", type: "VARCHAR" },
        { name: "membership_metadata", type: "TEXT" },
        { name: "created_at", type: "DATETIME", nullable: false },
      ],
      primaryKey: ["collection_id", "composite_id", "child_artifact_uuid"],
    });
    op.createIndex({
      name: "idx_composite_memberships_composite_id",
      table: "composite_memberships",
      columns: ["composite_id"],
    });
    op.createIndex({
      name: "idx_composite_memberships_child_uuid",
      table: "composite_memberships",
      columns: ["child_artifact_uuid"],
    });
  },

  downgrade(op) {
    op.dropTable("composite_memberships");
    op.dropTable("composite_artifacts");
  },
});
