import { defineRevision, sql } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

export default defineRevision({
  revision: "20251222_152125_add_rating_tables",
  downRevision: "20251220_1000_add_content_description_to_artifacts",
  message: "Add ratings, scores and the history of matches",

  upgrade(op) {
    op.createTable({
      name: "user_ratings",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "rating", type: "INTEGER", nullable: false },
        { name: "feedback", type: "TEXT" },
        { name: "share_with_community", type: "BOOLEAN", nullable: false, default: "0" },
        { name: "rated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      checks: [{ name: "check_valid_rating", expression: "rating >= 1 AND rating <= 5" }],
    });
    op.createIndex({ name: "idx_user_ratings_artifact_id", table: "user_ratings", columns: ["artifact_id"] });
    op.createIndex({
      name: "idx_user_ratings_artifact_id_rated_at",
      table: "user_ratings",
      columns: ["artifact_id", "rated_at"],
    });
    op.createTable({
      name: "community_scores",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "source", type: "TEXT", nullable: false },
        { name: "score", type: "FLOAT", nullable: false },
        { name: "last_updated", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "imported_from", type: "TEXT" },
      ],
      uniques: [{ name: "uq_community_score", columns: ["artifact_id", "source"] }],
    });
    op.createIndex({
      name: "idx_community_scores_artifact_id",
      table: "community_scores",
      columns: ["artifact_id"],
    });
    op.createTable({
      name: "match_history",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "query", type: "TEXT", nullable: false },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "confidence", type: "FLOAT", nullable: false },
        { name: "user_confirmed", type: "BOOLEAN" },
        { name: "matched_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
    });
    op.createIndex({
      name: "idx_match_history_artifact_query",
      table: "match_history",
      columns: ["artifact_id", "query"],
    });
    setSchemaVersion(op, "1.5.0");
  },

  downgrade(op) {
    op.dropTable("match_history");
    op.dropTable("community_scores");
    op.dropTable("user_ratings");
    setSchemaVersion(op, "1.4.0");
  },
});
