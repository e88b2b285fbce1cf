import { defineRevision } from "@skillmeat/migrate-core";

/**
 * The original copied the table while foreign keys were enforced, and emptied `deployment_set_members` and
 * `deployment_set_tags`.
 */
export default defineRevision({
  revision: "20260225_1200_add_color_icon_to_deployment_sets",
  downRevision: "20260225_1100_add_custom_colors_table",
  message: "Give deployment sets a color and an icon",

  upgrade(op) {
    op.batchAlterTable("deployment_sets", (batch) => {
      batch.addColumn({ name: "color", type: "VARCHAR(7)" });
      batch.createCheckConstraint({
        name: "check_deployment_set_color_hex_format",
        expression: "color IS NULL OR color LIKE '#______' OR color LIKE '#___'",
      });
      batch.addColumn({ name: "icon", type: "VARCHAR(64)" });
    });
  },

  downgrade(op) {
    op.batchAlterTable("deployment_sets", (batch) => {
      batch.dropConstraint("check_deployment_set_color_hex_format");
      batch.dropColumn("color");
      batch.dropColumn("icon");
    });
  },
});
