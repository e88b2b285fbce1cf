import { defineRevision, sql, type Operations, type Revision } from "@skillmeat/migrate-core";

const now = sql`CURRENT_TIMESTAMP`;
const typeIsKnown = "type IN ('skill', 'command', 'agent', 'mcp_server', 'hook')";

/**
 * The schema that SkillMeat's Python program creates as its first revision, object for object: a cache made
 * by either program is a cache of the other.
 */
const initialSchema: Revision = defineRevision({
  revision: "001_initial_schema",
  downRevision: null,
  message: `Create initial cache schema

The tables of the persistent project cache (projects, artifacts, artifact_metadata, marketplace,
cache_metadata), 11 indexes and 3 triggers that keep updated_at current.

Schema version: 1.0.0`,
  createDate: "2025-12-01T15:00:00Z",

  upgrade(op) {
    createProjects(op);
    createArtifacts(op);
    createArtifactMetadata(op);
    createMarketplace(op);
    createCacheMetadata(op);
    keepUpdatedAt(op, "projects", "id");
    keepUpdatedAt(op, "artifacts", "id");
    keepUpdatedAt(op, "cache_metadata", "key");
    op.execute("INSERT INTO cache_metadata (key, value) VALUES ('schema_version', '1.0.0')");
  },

  downgrade(op) {
    for (const table of ["cache_metadata", "artifacts", "projects"]) op.dropTrigger(`${table}_updated_at`);
    op.dropTable("cache_metadata");
    op.dropTable("marketplace");
    op.dropTable("artifact_metadata");
    op.dropTable("artifacts");
    op.dropTable("projects");
  },
});

export default initialSchema;

function createProjects(op: Operations): void {
  op.createTable({
    name: "projects",
    columns: [
      { name: "id", type: "TEXT", nullable: false },
      { name: "name", type: "TEXT", nullable: false },
      { name: "path", type: "TEXT", nullable: false },
      { name: "description", type: "TEXT" },
      { name: "created_at", type: "TIMESTAMP", default: now, nullable: false },
      { name: "updated_at", type: "TIMESTAMP", default: now, nullable: false },
      { name: "last_fetched", type: "TIMESTAMP" },
      { name: "status", type: "TEXT", default: "active" },
      { name: "error_message", type: "TEXT" },
    ],
    primaryKey: ["id"],
    uniques: [["path"]],
    checks: [{ name: "check_projects_status", expression: "status IN ('active', 'stale', 'error')" }],
  });
  op.createIndex({ name: "idx_projects_status", table: "projects", columns: ["status"] });
  op.createIndex({ name: "idx_projects_last_fetched", table: "projects", columns: ["last_fetched"] });
}

function createArtifacts(op: Operations): void {
  op.createTable({
    name: "artifacts",
    columns: [
      { name: "id", type: "TEXT", nullable: false },
      { name: "project_id", type: "TEXT", nullable: false },
      { name: "name", type: "TEXT", nullable: false },
      { name: "type", type: "TEXT", nullable: false },
      { name: "source", type: "TEXT" },
      { name: "deployed_version", type: "TEXT" },
      { name: "upstream_version", type: "TEXT" },
      { name: "is_outdated", type: "BOOLEAN", default: "0" },
      { name: "local_modified", type: "BOOLEAN", default: "0" },
      { name: "created_at", type: "TIMESTAMP", default: now, nullable: false },
      { name: "updated_at", type: "TIMESTAMP", default: now, nullable: false },
    ],
    primaryKey: ["id"],
    foreignKeys: [
      { columns: ["project_id"], references: { table: "projects", columns: ["id"], onDelete: "cascade" } },
    ],
    checks: [{ name: "check_artifacts_type", expression: typeIsKnown }],
  });
  op.createIndex({ name: "idx_artifacts_project_id", table: "artifacts", columns: ["project_id"] });
  op.createIndex({ name: "idx_artifacts_type", table: "artifacts", columns: ["type"] });
  op.createIndex({ name: "idx_artifacts_is_outdated", table: "artifacts", columns: ["is_outdated"] });
  op.createIndex({ name: "idx_artifacts_updated_at", table: "artifacts", columns: ["updated_at"] });
  op.createIndex({ name: "idx_artifacts_project_type", table: "artifacts", columns: ["project_id", "type"] });
  op.createIndex({
    name: "idx_artifacts_outdated_type",
    table: "artifacts",
    columns: ["is_outdated", "type"],
  });
}

function createArtifactMetadata(op: Operations): void {
  op.createTable({
    name: "artifact_metadata",
    columns: [
      { name: "artifact_id", type: "TEXT", nullable: false },
      { name: "metadata", type: "TEXT" },
      { name: "description", type: "TEXT" },
      { name: "tags", type: "TEXT" },
      { name: "aliases", type: "TEXT" },
    ],
    primaryKey: ["artifact_id"],
    foreignKeys: [
      { columns: ["artifact_id"], references: { table: "artifacts", columns: ["id"], onDelete: "cascade" } },
    ],
  });
  op.createIndex({ name: "idx_metadata_tags", table: "artifact_metadata", columns: ["tags"] });
}

function createMarketplace(op: Operations): void {
  op.createTable({
    name: "marketplace",
    columns: [
      { name: "id", type: "TEXT", nullable: false },
      { name: "name", type: "TEXT", nullable: false },
      { name: "type", type: "TEXT", nullable: false },
      { name: "url", type: "TEXT", nullable: false },
      { name: "description", type: "TEXT" },
      { name: "cached_at", type: "TIMESTAMP", default: now, nullable: false },
      { name: "data", type: "TEXT" },
    ],
    primaryKey: ["id"],
    checks: [{ name: "check_marketplace_type", expression: typeIsKnown }],
  });
  op.createIndex({ name: "idx_marketplace_type", table: "marketplace", columns: ["type"] });
  op.createIndex({ name: "idx_marketplace_name", table: "marketplace", columns: ["name"] });
}

function createCacheMetadata(op: Operations): void {
  op.createTable({
    name: "cache_metadata",
    columns: [
      { name: "key", type: "TEXT", nullable: false },
      { name: "value", type: "TEXT", nullable: false },
      { name: "updated_at", type: "TIMESTAMP", default: now, nullable: false },
    ],
    primaryKey: ["key"],
  });
}

function keepUpdatedAt(op: Operations, table: string, key: string): void {
  op.createTrigger({
    name: `${table}_updated_at`,
    table,
    timing: "after",
    event: "update",
    body: `UPDATE ${table} SET updated_at = CURRENT_TIMESTAMP WHERE ${key} = NEW.${key}`,
  });
}
