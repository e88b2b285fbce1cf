import { defineRevision, sql } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

export default defineRevision({
  revision: "20251215_1200_add_project_templates",
  downRevision: "20251214_0900_add_context_entity_columns",
  message: "Add project templates",

  upgrade(op) {
    op.createTable({
      name: "project_templates",
      columns: [
        { name: "id", type: "TEXT", primaryKey: true },
        { name: "name", type: "VARCHAR(255)", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "collection_id", type: "TEXT", nullable: false },
        { name: "default_project_config_id", type: "TEXT" },
        { name: "created_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
        { name: "updated_at", type: "TIMESTAMP", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      checks: [
        { name: "check_template_name_length", expression: "length(name) > 0 AND length(name) <= 255" },
      ],
      foreignKeys: [
        {
          name: "fk_project_templates_collection_id",
          columns: ["collection_id"],
          references: { table: "collections", columns: ["id"], onDelete: "cascade" },
        },
        {
          name: "fk_project_templates_default_config",
          columns: ["default_project_config_id"],
          references: { table: "artifacts", columns: ["id"], onDelete: "set null" },
        },
      ],
    });
    op.createIndex({
      name: "idx_templates_name",
      table: "project_templates",
      columns: ["name"],
      unique: true,
    });
    op.createIndex({
      name: "idx_templates_collection_id",
      table: "project_templates",
      columns: ["collection_id"],
    });
    op.createIndex({ name: "idx_templates_created_at", table: "project_templates", columns: ["created_at"] });
    op.createTable({
      name: "template_entities",
      columns: [
        { name: "template_id", type: "TEXT", nullable: false },
        { name: "artifact_id", type: "TEXT", nullable: false },
        { name: "deploy_order", type: "INTEGER", nullable: false },
        { name: "required", type: "BOOLEAN", nullable: false, default: "1" },
      ],
      primaryKey: ["template_id", "artifact_id"],
      checks: [{ name: "check_deploy_order", expression: "deploy_order >= 0" }],
      foreignKeys: [
        {
          name: "fk_template_entities_template_id",
          columns: ["template_id"],
          references: { table: "project_templates", columns: ["id"], onDelete: "cascade" },
        },
        {
          name: "fk_template_entities_artifact_id",
          columns: ["artifact_id"],
          references: { table: "artifacts", columns: ["id"], onDelete: "cascade" },
        },
      ],
    });
    op.createIndex({
      name: "idx_template_entities_template_id",
      table: "template_entities",
      columns: ["template_id"],
    });
    op.createIndex({
      name: "idx_template_entities_artifact_id",
      table: "template_entities",
      columns: ["artifact_id"],
    });
    op.createIndex({
      name: "idx_template_entities_deploy_order",
      table: "template_entities",
      columns: ["template_id", "deploy_order"],
    });
    op.createTrigger({
      name: "project_templates_updated_at",
      table: "project_templates",
      timing: "after",
      event: "update",
      body: "UPDATE project_templates SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id",
    });
    setSchemaVersion(op, "1.2.0");
  },

  downgrade(op) {
    op.dropTable("template_entities");
    op.dropTable("project_templates");
    setSchemaVersion(op, "1.1.0");
  },
});
