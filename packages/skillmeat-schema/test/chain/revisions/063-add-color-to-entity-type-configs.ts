import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260301_1300_add_color_to_entity_type_configs",
  downRevision: "20260301_1200_add_example_path_column",
  message: "Give entity types a color",

  upgrade(op) {
    op.addColumn("entity_type_configs", { name: "color", type: "VARCHAR(7)" });
  },

  downgrade(op) {
    op.dropColumn("entity_type_configs", "color");
  },
});
