import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260225_1100_add_custom_colors_table",
  downRevision: "20260225_1000_add_deployment_set_tags_junction",
  message: "Keep colors of one's own",

  upgrade(op) {
    op.createTable({
      name: "custom_colors",
      columns: [
        { name: "id", type: "VARCHAR", primaryKey: true },
        { name: "hex", type: "VARCHAR(7)", nullable: false },
        { name: "name", type: "VARCHAR(64)" },
        { name: "created_at", type: "DATETIME", nullable: false },
      ],
      checks: [
        { name: "check_custom_color_hex_format", expression: "hex LIKE '#______' OR hex LIKE '#___'" },
      ],
    });
    op.createIndex({ name: "idx_custom_colors_hex", table: "custom_colors", columns: ["hex"], unique: true });
  },

  downgrade(op) {
    op.dropTable("custom_colors");
  },
});
