import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260228_1000_add_entity_type_configs_table",
  downRevision: "20260227_0900_add_workflow_tables",
  message: "Configure entity types",

  upgrade(op) {
    op.createTable({
      name: "entity_type_configs",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "slug", type: "VARCHAR", nullable: false },
        { name: "display_name", type: "VARCHAR", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "icon", type: "VARCHAR" },
        { name: "path_prefix", type: "VARCHAR" },
        { name: "required_frontmatter_keys", type: "JSON" },
        { name: "optional_frontmatter_keys", type: "JSON" },
        { name: "validation_rules", type: "JSON" },
        { name: "content_template", type: "TEXT" },
        { name: "is_builtin", type: "BOOLEAN", nullable: false, default: "1" },
        { name: "sort_order", type: "INTEGER", nullable: false, default: "0" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      uniques: [{ name: "uq_entity_type_configs_slug", columns: ["slug"] }],
    });
    op.createIndex({
      name: "idx_entity_type_configs_slug",
      table: "entity_type_configs",
      columns: ["slug"],
      unique: true,
    });
    op.createIndex({
      name: "idx_entity_type_configs_sort_order",
      table: "entity_type_configs",
      columns: ["sort_order"],
    });
    op.createIndex({
      name: "idx_entity_type_configs_is_builtin",
      table: "entity_type_configs",
      columns: ["is_builtin"],
    });
  },

  downgrade(op) {
    op.dropTable("entity_type_configs");
  },
});
