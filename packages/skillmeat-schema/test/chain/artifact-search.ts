import type { Operations } from "@skillmeat/migrate-core";

const table = "collection_artifacts";

/** Makes the triggers that keep `artifact_fts`. They mention `artifacts`, a table that is not theirs. */
export function createArtifactSearchTriggers(op: Operations): void {
  const add = `INSERT INTO artifact_fts(artifact_uuid, name, title, description, tags)
    SELECT NEW.artifact_uuid, a.name, NULL, a.description, NEW.tags_json FROM artifacts a WHERE a.uuid = NEW.artifact_uuid`;
  const remove = "DELETE FROM artifact_fts WHERE artifact_uuid = OLD.artifact_uuid";
  op.createTrigger({ name: "artifact_fts_ai", table, timing: "after", event: "insert", body: add });
  op.createTrigger({ name: "artifact_fts_ad", table, timing: "after", event: "delete", body: remove });
  op.createTrigger({ name: "artifact_fts_au", table, timing: "after", event: "update", body: [remove, add] });
}

export function dropArtifactSearchTriggers(op: Operations): void {
  for (const trigger of ["artifact_fts_ai", "artifact_fts_ad", "artifact_fts_au"]) op.dropTrigger(trigger);
}
