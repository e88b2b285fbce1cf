import { defineRevision, sql } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260226_1200_add_artifact_embeddings",
  downRevision: "20260226_1000_add_similarity_cache_schema",
  message: "Keep embeddings of artifacts",

  upgrade(op) {
    op.createTable({
      name: "artifact_embeddings",
      columns: [
        {
          name: "artifact_uuid",
          type: "VARCHAR",
          primaryKey: true,
          references: { table: "artifacts", column: "uuid", onDelete: "cascade" },
        },
        { name: "embedding", type: "BLOB", nullable: false },
        { name: "model_name", type: "VARCHAR", nullable: false },
        { name: "embedding_dim", type: "INTEGER", nullable: false },
        { name: "computed_at", type: "DATETIME", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
    });
    op.createIndex({
      name: "idx_artifact_embeddings_model",
      table: "artifact_embeddings",
      columns: ["model_name"],
    });
  },

  downgrade(op) {
    op.dropTable("artifact_embeddings");
  },
});
