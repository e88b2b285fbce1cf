import { defineRevision } from "@skillmeat/migrate-core";

/**
 * The original made the column NOT NULL with a copy of the table, while foreign keys were enforced: it lost
 * the rows of `template_entities`, `artifact_versions` and `artifact_tags`, and every default of
 * `project_templates`.
 */
export default defineRevision({
  revision: "20260218_1000_add_artifact_uuid_column",
  downRevision: "20260212_1800_add_group_metadata_fields",
  message: "Give artifacts an id that does not change",

  upgrade(op) {
    op.addColumn("artifacts", { name: "uuid", type: "VARCHAR" });
    op.execute("UPDATE artifacts SET uuid = lower(hex(randomblob(16))) WHERE uuid IS NULL");
    op.batchAlterTable("artifacts", (batch) => {
      batch.alterColumn("uuid", { nullable: false });
      batch.createIndex({ name: "ix_artifacts_uuid", columns: ["uuid"], unique: true });
    });
  },

  downgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropIndex("ix_artifacts_uuid");
      batch.dropColumn("uuid");
    });
  },
});
