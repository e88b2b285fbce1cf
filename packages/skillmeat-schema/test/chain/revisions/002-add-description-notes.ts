import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20251212_1537_add_description_notes",
  downRevision: "001_initial_schema",
  message: "Describe marketplace sources and keep notes on them",

  upgrade(op) {
    op.addColumn("marketplace_sources", { name: "description", type: "VARCHAR(500)" });
    op.addColumn("marketplace_sources", { name: "notes", type: "VARCHAR(2000)" });
  },

  downgrade(op) {
    op.dropColumn("marketplace_sources", "notes");
    op.dropColumn("marketplace_sources", "description");
  },
});
