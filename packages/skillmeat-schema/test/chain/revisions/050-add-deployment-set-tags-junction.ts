import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260225_1000_add_deployment_set_tags_junction",
  downRevision: "20260224_1000_add_deployment_set_tables",
  message: "Tag deployment sets",

  upgrade(op) {
    op.createTable({
      name: "deployment_set_tags",
      columns: [
        {
          name: "deployment_set_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "deployment_sets", column: "id", onDelete: "cascade" },
        },
        {
          name: "tag_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "tags", column: "id", onDelete: "cascade" },
        },
        { name: "created_at", type: "DATETIME", nullable: false },
      ],
      primaryKey: ["deployment_set_id", "tag_id"],
    });
    op.createIndex({
      name: "idx_deployment_set_tags_set_id",
      table: "deployment_set_tags",
      columns: ["deployment_set_id"],
    });
    op.createIndex({
      name: "idx_deployment_set_tags_tag_id",
      table: "deployment_set_tags",
      columns: ["tag_id"],
    });
    op.execute(`INSERT INTO deployment_set_tags (deployment_set_id, tag_id, created_at)
      SELECT DISTINCT s.id, tags.id, CURRENT_TIMESTAMP
      FROM deployment_sets AS s, json_each(iif(json_valid(s.tags_json), s.tags_json, '[]')) AS tag
      JOIN tags ON tags.name = tag.value`);
  },

  downgrade(op) {
    op.dropTable("deployment_set_tags");
  },
});
