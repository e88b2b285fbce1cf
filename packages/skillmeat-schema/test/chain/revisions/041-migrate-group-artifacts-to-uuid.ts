import { defineRevision } from "@skillmeat/migrate-core";
import { groupArtifacts, nameById, nameByUuid } from "../artifact-reference.ts";

export default defineRevision({
  revision: "20260219_1200_migrate_group_artifacts_to_uuid",
  downRevision: "20260219_1100_fix_collection_artifacts_pk",
  message: "Name grouped artifacts by uuid",

  upgrade(op) {
    nameByUuid(op, groupArtifacts);
  },

  downgrade(op) {
    nameById(op, groupArtifacts);
  },
});
