import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "3bd9",
  downRevision: "1f0c",
  message: "ratings",
  createDate: "2026-11-21T11:00:00Z",

  upgrade(op) {
    op.addColumn("book", { name: "rating", type: "INTEGER" });
  },

  downgrade(op) {
    op.dropColumn("book", "rating");
  },
});
