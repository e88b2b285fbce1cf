import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260228_1400_add_entity_categories_table",
  downRevision: "20260228_1000_add_entity_type_configs_table",
  message: "Sort artifacts into categories",

  upgrade(op) {
    op.createTable({
      name: "entity_categories",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "name", type: "VARCHAR(100)", nullable: false },
        { name: "slug", type: "VARCHAR(100)", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "color", type: "VARCHAR(7)" },
        { name: "entity_type_slug", type: "VARCHAR(50)" },
        { name: "platform", type: "VARCHAR(50)" },
        { name: "sort_order", type: "INTEGER", nullable: false, default: "0" },
        { name: "is_builtin", type: "BOOLEAN", nullable: false, default: "0" },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      uniques: [{ name: "uq_entity_categories_slug", columns: ["slug"] }],
    });
    op.createIndex({
      name: "idx_entity_categories_slug",
      table: "entity_categories",
      columns: ["slug"],
      unique: true,
    });
    op.createIndex({
      name: "idx_entity_categories_entity_type_platform",
      table: "entity_categories",
      columns: ["entity_type_slug", "platform"],
    });
    op.createIndex({
      name: "idx_entity_categories_sort_order",
      table: "entity_categories",
      columns: ["sort_order"],
    });
    op.createIndex({
      name: "idx_entity_categories_is_builtin",
      table: "entity_categories",
      columns: ["is_builtin"],
    });
    op.createTable({
      name: "entity_category_associations",
      columns: [
        {
          name: "artifact_uuid",
          type: "VARCHAR",
          nullable: false,
          references: { table: "artifacts", column: "uuid", onDelete: "cascade" },
        },
        {
          name: "category_id",
          type: "INTEGER",
          nullable: false,
          references: { table: "entity_categories", column: "id", onDelete: "cascade" },
        },
        { name: "created_at", type: "DATETIME", nullable: false },
      ],
      primaryKey: ["artifact_uuid", "category_id"],
    });
    op.createIndex({
      name: "idx_artifact_category_assoc_artifact_uuid",
      table: "entity_category_associations",
      columns: ["artifact_uuid"],
    });
    op.createIndex({
      name: "idx_artifact_category_assoc_category_id",
      table: "entity_category_associations",
      columns: ["category_id"],
    });
  },

  downgrade(op) {
    op.dropTable("entity_category_associations");
    op.dropTable("entity_categories");
  },
});
