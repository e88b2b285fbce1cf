import { defineRevision } from "@skillmeat/migrate-core";
import { collectionArtifacts, nameById, nameByUuid } from "../artifact-reference.ts";

export default defineRevision({
  revision: "20260219_1000_migrate_collection_artifacts_to_uuid",
  downRevision: "20260218_1100_add_composite_artifact_tables",
  message: "Name collected artifacts by uuid",

  upgrade(op) {
    nameByUuid(op, collectionArtifacts);
  },

  downgrade(op) {
    nameById(op, collectionArtifacts);
  },
});
