import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260212_1800_add_group_metadata_fields",
  downRevision: "20260209_1700_add_memory_anchor_and_provenance_columns",
  message: "Give groups tags, a color and an icon",

  upgrade(op) {
    op.addColumn("groups", { name: "tags_json", type: "TEXT", nullable: false, default: "[]" });
    op.addColumn("groups", { name: "color", type: "VARCHAR(32)", nullable: false, default: "slate" });
    op.addColumn("groups", { name: "icon", type: "VARCHAR(32)", nullable: false, default: "layers" });
  },

  downgrade(op) {
    op.dropColumn("groups", "icon");
    op.dropColumn("groups", "color");
    op.dropColumn("groups", "tags_json");
  },
});
