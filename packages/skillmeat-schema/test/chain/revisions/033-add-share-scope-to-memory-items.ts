import { defineRevision } from "@skillmeat/migrate-core";

/** The original copied the table while foreign keys were enforced, and emptied `module_memory_items`. */
export default defineRevision({
  revision: "20260207_1000_add_share_scope_to_memory_items",
  downRevision: "20260205_1200_add_memory_and_context_tables",
  message: "Say with whom a memory is shared",

  upgrade(op) {
    op.batchAlterTable("memory_items", (batch) => {
      batch.addColumn({ name: "share_scope", type: "VARCHAR", nullable: false, default: "project" });
      batch.createCheckConstraint({
        name: "ck_memory_items_share_scope",
        expression: "share_scope IN ('private', 'project', 'global_candidate')",
      });
      batch.createIndex({ name: "idx_memory_items_share_scope", columns: ["share_scope"] });
    });
  },

  downgrade(op) {
    op.batchAlterTable("memory_items", (batch) => {
      batch.dropIndex("idx_memory_items_share_scope");
      batch.dropConstraint("ck_memory_items_share_scope");
      batch.dropColumn("share_scope");
    });
  },
});
