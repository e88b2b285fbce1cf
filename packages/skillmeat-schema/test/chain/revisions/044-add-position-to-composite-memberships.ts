import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260219_1500_add_position_to_composite_memberships",
  downRevision: "20260219_1400_drop_artifact_id_backup_columns",
  message: "Order the members of a composite",

  upgrade(op) {
    op.addColumn("composite_memberships", { name: "position", type: "INTEGER" });
  },

  downgrade(op) {
    op.dropColumn("composite_memberships", "position");
  },
});
