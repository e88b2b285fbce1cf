import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260224_1000_add_deployment_set_tables",
  downRevision: "20260222_1100_add_description_to_deployment_profiles",
  message: "Deploy several artifacts as a set",

  upgrade(op) {
    op.createTable({
      name: "deployment_sets",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        { name: "name", type: "VARCHAR(255)", nullable: false },
        { name: "description", type: "TEXT" },
        { name: "tags_json", type: "TEXT", nullable: false, default: "[]" },
        { name: "owner_id", type: "VARCHAR", nullable: false },
        { name: "created_at", type: "DATETIME", nullable: false },
        { name: "updated_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        { name: "check_deployment_set_name_length", expression: "length(name) > 0 AND length(name) <= 255" },
      ],
    });
    op.createIndex({ name: "idx_deployment_sets_owner_id", table: "deployment_sets", columns: ["owner_id"] });
    op.createIndex({
      name: "idx_deployment_sets_created_at",
      table: "deployment_sets",
      columns: ["created_at"],
    });
    op.createTable({
      name: "deployment_set_members",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        {
          name: "set_id",
          type: "VARCHAR",
          nullable: false,
          references: { table: "deployment_sets", column: "id", onDelete: "cascade" },
        },
        { name: "artifact_uuid", type: "VARCHAR" },
        { name: "group_id", type: "VARCHAR" },
        {
          name: "member_set_id",
          type: "VARCHAR",
          references: { table: "deployment_sets", column: "id", onDelete: "set null" },
        },
        { name: "position", type: "INTEGER", nullable: false, default: "0" },
        { name: "created_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        {
          name: "check_deployment_set_member_one_ref",
          expression:
            "(artifact_uuid IS NOT NULL) + (group_id IS NOT NULL) + (member_set_id IS NOT NULL) = 1",
        },
        { name: "check_deployment_set_member_position", expression: "position >= 0" },
      ],
    });
    op.createIndex({
      name: "idx_deployment_set_members_set_id",
      table: "deployment_set_members",
      columns: ["set_id"],
    });
    op.createIndex({
      name: "idx_deployment_set_members_member_set_id",
      table: "deployment_set_members",
      columns: ["member_set_id"],
    });
    op.createIndex({
      name: "idx_deployment_set_members_set_position",
      table: "deployment_set_members",
      columns: ["set_id", "position"],
    });
  },

  downgrade(op) {
    op.dropTable("deployment_set_members");
    op.dropTable("deployment_sets");
  },
});
