import { defineRevision } from "@skillmeat/migrate-core";
import { collectionArtifacts, restoreArtifactId } from "../artifact-reference.ts";

export default defineRevision({
  revision: "20260219_1100_fix_collection_artifacts_pk",
  downRevision: "20260219_1000_migrate_collection_artifacts_to_uuid",
  message: "Forget the old ids of collected artifacts",

  upgrade(op) {
    op.dropColumn("collection_artifacts", "_artifact_id_backup");
  },

  downgrade(op) {
    restoreArtifactId(op, collectionArtifacts);
  },
});
