import { defineRevision } from "@skillmeat/migrate-core";
import { artifactTags, nameById, nameByUuid } from "../artifact-reference.ts";

export default defineRevision({
  revision: "20260219_1300_migrate_artifact_tags_to_uuid",
  downRevision: "20260219_1200_migrate_group_artifacts_to_uuid",
  message: "Name tagged artifacts by uuid",

  upgrade(op) {
    nameByUuid(op, artifactTags);
  },

  downgrade(op) {
    nameById(op, artifactTags);
  },
});
