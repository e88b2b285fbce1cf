import { defineRevision, sql } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "001_initial_schema",
  downRevision: null,
  message: "Create the first tables of the cache",

  upgrade(op) {
    op.createTable({
      name: "projects",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "name", type: "TEXT", nullable: false },
        { name: "path", type: "TEXT", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "last_fetched", type: "TIMESTAMP" },
        { name: "status", type: "TEXT", default: "active" },
        { name: "error_message", type: "TEXT" },
      ],
      uniques: [["path"]],
      checks: [{ name: "check_projects_status", expression: "status IN ('active', 'stale', 'error')" }],
    });
    op.createIndex({ name: "idx_projects_status", table: "projects", columns: ["status"] });
    op.createIndex({ name: "idx_projects_last_fetched", table: "projects", columns: ["last_fetched"] });
    op.createTable({
      name: "artifacts",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "project_id", type: "TEXT", nullable: false },
        { name: "name", type: "TEXT", nullable: false },
        { name: "type", type: "TEXT", nullable: false },
        { name: "source", type: "TEXT" },
        { name: "deployed_version", type: "TEXT" },
        { name: "upstream_version", type: "TEXT" },
        { name: "is_outdated", type: "BOOLEAN", default: "0" },
        { name: "local_modified", type: "BOOLEAN", default: "0" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      checks: [
        {
          name: "check_artifacts_type",
          expression: "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook')",
        },
      ],
      foreignKeys: [
        { columns: ["project_id"], references: { table: "projects", columns: ["id"], onDelete: "cascade" } },
      ],
    });
    op.createIndex({ name: "idx_artifacts_project_id", table: "artifacts", columns: ["project_id"] });
    op.createIndex({ name: "idx_artifacts_type", table: "artifacts", columns: ["type"] });
    op.createIndex({ name: "idx_artifacts_is_outdated", table: "artifacts", columns: ["is_outdated"] });
    op.createIndex({ name: "idx_artifacts_updated_at", table: "artifacts", columns: ["updated_at"] });
    op.createIndex({
      name: "idx_artifacts_project_type",
      table: "artifacts",
      columns: ["project_id", "type"],
    });
    op.createIndex({
      name: "idx_artifacts_outdated_type",
      table: "artifacts",
      columns: ["is_outdated", "type"],
    });
    op.createTable({
      name: "artifact_metadata",
      columns: [
        { name: "artifact_id", type: "TEXT", primaryKey: true },
        { name: "metadata", type: "TEXT" },
        { name: "description", type: "TEXT" },
        { name: "tags", type: "TEXT" },
        { name: "aliases", type: "TEXT" },
      ],
      foreignKeys: [
        {
          columns: ["artifact_id"],
          references: { table: "artifacts", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({ name: "idx_metadata_tags", table: "artifact_metadata", columns: ["tags"] });
    op.createTable({
      name: "marketplace",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "name", type: "TEXT", nullable: false },
        { name: "type", type: "TEXT", nullable: false },
        { name: "url", type: "TEXT", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "cached_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "data", type: "TEXT" },
      ],
      checks: [
        {
          name: "check_marketplace_type",
          expression: "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook')",
        },
      ],
    });
    op.createIndex({ name: "idx_marketplace_type", table: "marketplace", columns: ["type"] });
    op.createIndex({ name: "idx_marketplace_name", table: "marketplace", columns: ["name"] });
    op.createTable({
      name: "cache_metadata",
      columns: [
        { name: "key", type: "TEXT", primaryKey: true },
        { name: "value", type: "TEXT", nullable: false },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
    });
    op.createTable({
      name: "marketplace_sources",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        { name: "repo_url", type: "VARCHAR", nullable: false },
        { name: "owner", type: "VARCHAR", nullable: false },
        { name: "repo_name", type: "VARCHAR", nullable: false },
        { name: "ref", type: "VARCHAR", nullable: false, default: "main" },
        { name: "root_hint", type: "VARCHAR" },
        { name: "manual_map", type: "TEXT" },
        { name: "access_token_id", type: "VARCHAR" },
        { name: "trust_level", type: "VARCHAR", nullable: false, default: "basic" },
        { name: "visibility", type: "VARCHAR", nullable: false, default: "public" },
        { name: "last_sync_at", type: "DATETIME" },
        { name: "last_error", type: "TEXT" },
        { name: "scan_status", type: "VARCHAR", nullable: false, default: "pending" },
        { name: "artifact_count", type: "INTEGER", nullable: false, default: "0" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      uniques: [{ name: "idx_marketplace_sources_repo_url", columns: ["repo_url"] }],
      checks: [
        {
          name: "check_trust_level",
          expression: "trust_level IN ('untrusted', 'basic', 'verified', 'official')",
        },
        { name: "check_visibility", expression: "visibility IN ('private', 'internal', 'public')" },
        {
          name: "check_scan_status",
          expression: "scan_status IN ('pending', 'scanning', 'success', 'error')",
        },
      ],
    });
    op.createIndex({
      name: "idx_marketplace_sources_last_sync",
      table: "marketplace_sources",
      columns: ["last_sync_at"],
    });
    op.createIndex({
      name: "idx_marketplace_sources_scan_status",
      table: "marketplace_sources",
      columns: ["scan_status"],
    });
    op.createTrigger({
      name: "projects_updated_at",
      table: "projects",
      timing: "after",
      event: "update",
      body: "UPDATE projects SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    op.createTrigger({
      name: "artifacts_updated_at",
      table: "artifacts",
      timing: "after",
      event: "update",
      body: "UPDATE artifacts SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    op.createTrigger({
      name: "cache_metadata_updated_at",
      table: "cache_metadata",
      timing: "after",
      event: "update",
      body: "UPDATE cache_metadata SET updated_at = CURRENT_TIMESTAMP WHERE key = NEW.key",
    });
    op.createTrigger({
      name: "marketplace_sources_updated_at",
      table: "marketplace_sources",
      timing: "after",
      event: "update",
      body: "UPDATE marketplace_sources SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    op.execute("INSERT INTO cache_metadata (key, value) VALUES ('schema_version', '1.0.0')");
  },

  downgrade(op) {
    // Revision 13 leaves this one, because the program may have made it.
    op.dropTable("marketplace_catalog_entries", { ifExists: true });
    op.dropTable("marketplace_sources");
    op.dropTable("cache_metadata");
    op.dropTable("marketplace");
    op.dropTable("artifact_metadata");
    op.dropTable("artifacts");
    op.dropTable("projects");
  },
});
