import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "20260202_1100_add_deployments_json_to_collection_artifacts",
  downRevision: "20260202_1000_add_tools_json_to_collection_artifacts",
  message: "Keep the deployments of collected artifacts",

  upgrade(op) {
    op.addColumn("collection_artifacts", { name: "deployments_json", type: "TEXT" });
  },

  downgrade(op) {
    op.dropColumn("collection_artifacts", "deployments_json");
  },
});
