import { defineRevision, sql } from "@skillmeat/migrate-core";

const flags = ["is_outdated", "local_modified"];
const times = ["created_at", "updated_at"];
const texts = ["id", "project_id", "name", "type", "source", "deployed_version", "upstream_version"];

/**
 * The original copied the table by hand: DROP TABLE emptied `artifact_metadata` by its foreign key and took
 * the trigger along, and a NULL in one of the flags left `artifacts` itself empty.
 */
export default defineRevision({
  revision: "20251214_0900_add_context_entity_columns",
  downRevision: "20251212_1600_create_collections_schema",
  message: "Let artifacts be context entities",

  upgrade(op) {
    for (const flag of flags) {
      op.updateRows("artifacts", { set: { [flag]: "0" }, where: `${flag} IS NULL` });
    }
    op.batchAlterTable("artifacts", (batch) => {
      for (const column of texts) batch.alterColumn(column, { type: "VARCHAR" });
      for (const column of flags) batch.alterColumn(column, { nullable: false });
      for (const column of times) batch.alterColumn(column, { type: "DATETIME", default: null });
      batch.addColumn({ name: "path_pattern", type: "TEXT" });
      batch.addColumn({ name: "auto_load", type: "BOOLEAN", nullable: false, default: "0" });
      batch.addColumn({ name: "category", type: "TEXT" });
      batch.addColumn({ name: "content_hash", type: "TEXT" });
      batch.dropConstraint("check_artifacts_type");
      batch.createCheckConstraint({
        name: "check_artifact_type",
        expression:
          "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
      });
    });
  },

  downgrade(op) {
    op.batchAlterTable("artifacts", (batch) => {
      batch.dropConstraint("check_artifact_type");
      batch.createCheckConstraint({
        name: "check_artifacts_type",
        expression: "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook')",
      });
      for (const column of ["content_hash", "category", "auto_load", "path_pattern"])
        batch.dropColumn(column);
      for (const column of times) {
        batch.alterColumn(column, { type: "TIMESTAMP", default: sql`CURRENT_TIMESTAMP` });
      }
      for (const column of flags) batch.alterColumn(column, { nullable: true });
      for (const column of texts) batch.alterColumn(column, { type: "TEXT" });
    });
  },
});
