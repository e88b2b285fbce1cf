import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260301_1000_add_custom_type_fields",
  downRevision: "20260228_1400_add_entity_categories_table",
  message: "Configure platforms and front matter of entity types",

  upgrade(op) {
    op.addColumn("entity_type_configs", { name: "applicable_platforms", type: "JSON" });
    op.addColumn("entity_type_configs", { name: "frontmatter_schema", type: "JSON" });
  },

  downgrade(op) {
    op.dropColumn("entity_type_configs", "frontmatter_schema");
    op.dropColumn("entity_type_configs", "applicable_platforms");
  },
});
