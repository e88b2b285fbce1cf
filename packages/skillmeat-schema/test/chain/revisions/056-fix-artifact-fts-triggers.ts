import { defineRevision } from "@skillmeat/migrate-core";
import { createArtifactSearchTriggers, dropArtifactSearchTriggers } from "../artifact-search.ts";

export default defineRevision({
  revision: "20260226_1900_fix_artifact_fts_triggers",
  downRevision: "20260226_1200_add_artifact_embeddings",
  message: "Write the triggers of the search anew",

  upgrade(op) {
    dropArtifactSearchTriggers(op);
    createArtifactSearchTriggers(op);
  },

  downgrade(op) {
    dropArtifactSearchTriggers(op);
    createArtifactSearchTriggers(op);
  },
});
