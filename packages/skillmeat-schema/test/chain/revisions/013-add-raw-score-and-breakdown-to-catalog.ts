import { defineRevision } from "@skillmeat/migrate-core";

/**
 * No revision of the original made this table, so that it failed on an empty file. Where the program has
 * made it, it is left as it is, also when the revision is undone.
 */
export default defineRevision({
  revision: "20251227_1000_add_raw_score_and_breakdown_to_catalog",
  downRevision: "20251226_1500_add_frontmatter_detection",
  message: "Keep the raw score of catalog entries and how it came about",

  upgrade(op) {
    op.createTable(
      {
        name: "marketplace_catalog_entries",
        columns: [
          { name: "id", type: "VARCHAR", primaryKey: true },
          {
            name: "source_id",
            type: "VARCHAR",
            nullable: false,
            references: { table: "marketplace_sources", column: "id", onDelete: "cascade" },
          },
          { name: "artifact_type", type: "VARCHAR", nullable: false },
          { name: "name", type: "VARCHAR", nullable: false },
          { name: "path", type: "VARCHAR", nullable: false },
          { name: "upstream_url", type: "VARCHAR", nullable: false },
          { name: "detected_version", type: "VARCHAR" },
          { name: "detected_sha", type: "VARCHAR" },
          { name: "detected_at", type: "DATETIME", nullable: false },
          { name: "confidence_score", type: "INTEGER", nullable: false },
          { name: "status", type: "VARCHAR", nullable: false, default: "new" },
          { name: "import_date", type: "DATETIME" },
          { name: "import_id", type: "VARCHAR" },
          { name: "metadata_json", type: "TEXT" },
          { name: "created_at", type: "DATETIME", nullable: false },
          { name: "updated_at", type: "DATETIME", nullable: false },
        ],
        checks: [
          {
            name: "check_catalog_artifact_type",
            expression:
              "artifact_type IN ('skill', 'command', 'agent', 'mcp_server', 'hook', 'project_config', 'spec_file', 'rule_file', 'context_file', 'progress_template')",
          },
          {
            name: "check_catalog_status",
            expression: "status IN ('new', 'updated', 'removed', 'imported')",
          },
          {
            name: "check_confidence_score",
            expression: "confidence_score >= 0 AND confidence_score <= 100",
          },
        ],
      },
      { ifNotExists: true },
    );
    op.addColumn("marketplace_catalog_entries", { name: "raw_score", type: "INTEGER" });
    op.addColumn("marketplace_catalog_entries", { name: "score_breakdown", type: "JSON" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_catalog_entries", "score_breakdown");
    op.dropColumn("marketplace_catalog_entries", "raw_score");
  },
});
