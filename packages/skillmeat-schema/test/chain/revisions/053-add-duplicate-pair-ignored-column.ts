import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260225_1300_add_duplicate_pair_ignored_column",
  downRevision: "20260225_1200_add_color_icon_to_deployment_sets",
  message: "Remember pairs that are no duplicates",

  upgrade(op) {
    op.createTable({
      name: "duplicate_pairs",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        { name: "artifact1_uuid", type: "VARCHAR(32)", nullable: false },
        { name: "artifact2_uuid", type: "VARCHAR(32)", nullable: false },
        { name: "similarity_score", type: "FLOAT", nullable: false },
        { name: "match_reasons", type: "TEXT", default: "[]" },
        { name: "ignored", type: "BOOLEAN", nullable: false, default: "0" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      uniques: [{ name: "uq_duplicate_pair_artifacts", columns: ["artifact1_uuid", "artifact2_uuid"] }],
      checks: [
        {
          name: "check_duplicate_pair_score",
          expression: "similarity_score >= 0.0 AND similarity_score <= 1.0",
        },
      ],
    });
    op.createIndex({
      name: "idx_duplicate_pairs_artifact1",
      table: "duplicate_pairs",
      columns: ["artifact1_uuid"],
    });
    op.createIndex({
      name: "idx_duplicate_pairs_artifact2",
      table: "duplicate_pairs",
      columns: ["artifact2_uuid"],
    });
    op.createIndex({ name: "idx_duplicate_pairs_ignored", table: "duplicate_pairs", columns: ["ignored"] });
  },

  downgrade(op) {
    op.dropTable("duplicate_pairs");
  },
});
