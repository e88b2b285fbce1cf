import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260301_1200_add_example_path_column",
  downRevision: "20260301_1100_add_core_content_column",
  message: "Point to an example of an entity type",

  upgrade(op) {
    op.addColumn("entity_type_configs", { name: "example_path", type: "VARCHAR" });
  },

  downgrade(op) {
    op.dropColumn("entity_type_configs", "example_path");
  },
});
