import { defineRevision } from "@skillmeat/migrate-core";
import { setSchemaVersion } from "../set-schema-version.ts";

/** The original could not be undone: it dropped a constraint outside a batch, after it had added a column. */
export default defineRevision({
  revision: "20251223_1430_update_match_history_schema",
  downRevision: "20251222_152125_add_rating_tables",
  message: "Say what became of a match",

  upgrade(op) {
    op.addColumn("match_history", { name: "outcome", type: "TEXT" });
    op.addColumn("match_history", { name: "confirmed_at", type: "TIMESTAMP" });
    op.execute(
      "UPDATE match_history SET outcome = CASE user_confirmed WHEN 1 THEN 'confirmed' WHEN 0 THEN 'rejected' END",
    );
    op.batchAlterTable("match_history", (batch) => {
      batch.dropColumn("user_confirmed");
      batch.createCheckConstraint({
        name: "check_valid_outcome",
        expression: "outcome IS NULL OR outcome IN ('confirmed', 'rejected', 'ignored')",
      });
    });
    setSchemaVersion(op, "1.6.0");
  },

  downgrade(op) {
    op.batchAlterTable("match_history", (batch) => {
      batch.addColumn({ name: "user_confirmed", type: "BOOLEAN" }, { insertAfter: "confidence" });
    });
    op.execute(
      "UPDATE match_history SET user_confirmed = CASE outcome WHEN 'confirmed' THEN 1 WHEN 'rejected' THEN 0 END",
    );
    op.batchAlterTable("match_history", (batch) => {
      batch.dropConstraint("check_valid_outcome");
      batch.dropColumn("confirmed_at");
      batch.dropColumn("outcome");
    });
    setSchemaVersion(op, "1.5.0");
  },
});
