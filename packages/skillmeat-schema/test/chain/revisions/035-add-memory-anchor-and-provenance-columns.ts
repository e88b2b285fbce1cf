import { defineRevision } from "@skillmeat/migrate-core";

const columns = ["git_branch", "git_commit", "session_id", "agent_type", "model"];

/** Rewrites the anchors of memories that have some of this kind of JSON value, each by the expression. */
const rewriteAnchors = (kind: string, expression: string): string => `UPDATE memory_items
  SET anchors_json = (SELECT json_group_array(${expression}) FROM json_each(anchors_json) AS anchor)
  WHERE json_valid(anchors_json) AND json_type(anchors_json) = 'array'
    AND EXISTS (SELECT 1 FROM json_each(anchors_json) AS anchor WHERE anchor.type = '${kind}')`;

export default defineRevision({
  revision: "20260209_1700_add_memory_anchor_and_provenance_columns",
  downRevision: "20260207_1400_add_deployment_profiles_and_target_platforms",
  message: "Say where a memory comes from and what it is anchored to",

  upgrade(op) {
    op.batchAlterTable("memory_items", (batch) => {
      for (const name of columns) batch.addColumn({ name, type: "VARCHAR" });
      batch.addColumn({ name: "source_type", type: "VARCHAR", default: "manual" });
      for (const name of [...columns, "source_type"]) {
        batch.createIndex({ name: `idx_memory_items_${name}`, columns: [name] });
      }
    });
    op.execute(
      rewriteAnchors(
        "text",
        "CASE anchor.type WHEN 'text' THEN json_object('path', anchor.value, 'type', 'code') ELSE json(anchor.value) END",
      ),
    );
  },

  downgrade(op) {
    op.execute(
      rewriteAnchors(
        "object",
        "CASE anchor.type WHEN 'object' THEN anchor.value ->> '$.path' ELSE anchor.value END",
      ),
    );
    op.batchAlterTable("memory_items", (batch) => {
      for (const name of [...columns, "source_type"]) batch.dropIndex(`idx_memory_items_${name}`);
      for (const name of ["source_type", ...columns.toReversed()]) batch.dropColumn(name);
    });
  },
});
