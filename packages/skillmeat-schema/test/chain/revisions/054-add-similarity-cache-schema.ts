import { defineRevision, sql, type ColumnReference } from "@skillmeat/migrate-core";
import { createArtifactSearchTriggers, dropArtifactSearchTriggers } from "../artifact-search.ts";

const hashes = ["artifact_content_hash", "artifact_structure_hash"];
const counts = ["artifact_file_count", "artifact_total_size"];
const uuid: ColumnReference = { table: "artifacts", column: "uuid", onDelete: "cascade" };

export default defineRevision({
  revision: "20260226_1000_add_similarity_cache_schema",
  downRevision: "20260225_1300_add_duplicate_pair_ignored_column",
  message: "Compare artifacts, and search them by words",

  upgrade(op) {
    for (const name of hashes) op.addColumn("collection_artifacts", { name, type: "VARCHAR(64)" });
    for (const name of counts)
      op.addColumn("collection_artifacts", { name, type: "INTEGER", nullable: false, default: "0" });
    op.createTable({
      name: "similarity_cache",
      columns: [
        { name: "source_artifact_uuid", type: "VARCHAR", nullable: false, references: uuid },
        { name: "target_artifact_uuid", type: "VARCHAR", nullable: false, references: uuid },
        { name: "composite_score", type: "FLOAT", nullable: false },
        { name: "breakdown_json", type: "TEXT" },
        { name: "computed_at", type: "DATETIME", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      primaryKey: ["source_artifact_uuid", "target_artifact_uuid"],
    });
    op.createIndex({
      name: "idx_similarity_cache_source_score",
      table: "similarity_cache",
      columns: ["source_artifact_uuid", "composite_score"],
    });
    op.execute(
      "CREATE VIRTUAL TABLE artifact_fts USING fts5(artifact_uuid UNINDEXED, name, title, description, tags, tokenize='porter ascii')",
    );
    createArtifactSearchTriggers(op);
    op.execute(`INSERT INTO artifact_fts(artifact_uuid, name, title, description, tags)
      SELECT ca.artifact_uuid, a.name, NULL, a.description, ca.tags_json
      FROM collection_artifacts ca JOIN artifacts a ON a.uuid = ca.artifact_uuid`);
  },

  downgrade(op) {
    dropArtifactSearchTriggers(op);
    op.dropTable("artifact_fts");
    op.dropTable("similarity_cache");
    for (const name of [...counts.toReversed(), ...hashes.toReversed()])
      op.dropColumn("collection_artifacts", name);
  },
});
