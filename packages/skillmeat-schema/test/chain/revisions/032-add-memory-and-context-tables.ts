import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260205_1200_add_memory_and_context_tables",
  downRevision: "20260202_1100_add_deployments_json_to_collection_artifacts",
  message: "Add memories and context modules",

  upgrade(op) {
    op.createTable({
      name: "memory_items",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        {
          name: "project_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "projects", column: "id", onDelete: "cascade" },
        },
        { name: "type", type: "VARCHAR", nullable: false },
        { name: "content", type: "TEXT", nullable: false },
        { name: "confidence", type: "FLOAT", nullable: false },
        { name: "status", type: "VARCHAR", nullable: false, default: "candidate" },
        { name: "provenance_json", type: "TEXT" },
        { name: "anchors_json", type: "TEXT" },
        { name: "ttl_policy_json", type: "TEXT" },
        { name: "content_hash", type: "VARCHAR", nullable: false, unique: true },
        { name: "access_count", type: "INTEGER", nullable: false, default: "0" },
        { name: "created_at", type: "VARCHAR", nullable: false },
        { name: "updated_at", type: "VARCHAR", nullable: false },
        { name: "deprecated_at", type: "VARCHAR" },
      ],
      checks: [
        { name: "ck_memory_items_confidence", expression: "confidence >= 0.0 AND confidence <= 1.0" },
        {
          name: "ck_memory_items_type",
          expression: "type IN ('decision', 'constraint', 'gotcha', 'style_rule', 'learning')",
        },
        {
          name: "ck_memory_items_status",
          expression: "status IN ('candidate', 'active', 'stable', 'deprecated')",
        },
      ],
    });
    op.createIndex({
      name: "idx_memory_items_project_status",
      table: "memory_items",
      columns: ["project_id", "status"],
    });
    op.createIndex({
      name: "idx_memory_items_project_type",
      table: "memory_items",
      columns: ["project_id", "type"],
    });
    op.createIndex({ name: "idx_memory_items_created_at", table: "memory_items", columns: ["created_at"] });
    op.createTable({
      name: "context_modules",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        {
          name: "project_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "projects", column: "id", onDelete: "cascade" },
        },
        { name: "name", type: "VARCHAR", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "selectors_json", type: "TEXT" },
        { name: "priority", type: "INTEGER", nullable: false, default: "5" },
        { name: "content_hash", type: "VARCHAR" },
        { name: "created_at", type: "VARCHAR", nullable: false },
        { name: "updated_at", type: "VARCHAR", nullable: false },
      ],
    });
    op.createIndex({
      name: "idx_context_modules_project",
      table: "context_modules",
      columns: ["project_id"],
    });
    op.createTable({
      name: "module_memory_items",
      columns: [
        {
          name: "module_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "context_modules", column: "id", onDelete: "cascade" },
        },
        {
          name: "memory_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "memory_items", column: "id", onDelete: "cascade" },
        },
        { name: "ordering", type: "INTEGER", nullable: false, default: "0" },
      ],
      primaryKey: ["module_id", "memory_id"],
    });
    op.createIndex({
      name: "idx_module_memory_items_memory",
      table: "module_memory_items",
      columns: ["memory_id"],
    });
  },

  downgrade(op) {
    op.dropTable("module_memory_items");
    op.dropTable("context_modules");
    op.dropTable("memory_items");
  },
});
