import { defineRevision } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "4c55",
  downRevision: ["2a7e", "3bd9"],
  message: "join titles and ratings",
  createDate: "2026-11-22T10:00:00Z",

  upgrade() {},

  downgrade() {},
});
