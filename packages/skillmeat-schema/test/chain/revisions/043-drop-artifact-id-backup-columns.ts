import { defineRevision } from "@skillmeat/migrate-core";
import { artifactTags, groupArtifacts, restoreArtifactId } from "../artifact-reference.ts";

export default defineRevision({
  revision: "20260219_1400_drop_artifact_id_backup_columns",
  downRevision: "20260219_1300_migrate_artifact_tags_to_uuid",
  message: "Forget the old ids of grouped and tagged artifacts",

  upgrade(op) {
    op.dropColumn("artifact_tags", "_artifact_id_backup");
    op.dropColumn("group_artifacts", "_artifact_id_backup");
  },

  downgrade(op) {
    restoreArtifactId(op, groupArtifacts);
    restoreArtifactId(op, artifactTags);
  },
});
