import { defineRevision, sql } from "@skillmeat/migrate-core";

export default defineRevision({
  revision: "1f0c",
  downRevision: null,
  message: "shelves and books",
  createDate: "2026-11-20T10:00:00Z",

  upgrade(op) {
    op.createTable({
      name: "shelf",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "name", type: "TEXT", nullable: false },
      ],
      uniques: [{ columns: ["name"] }],
    });
    op.createTable({
      name: "book",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "shelf_id", type: "INTEGER", nullable: false },
        { name: "title", type: "TEXT", nullable: false },
        { name: "added", type: "TEXT", nullable: false, default: sql`CURRENT_TIMESTAMP` },
      ],
      foreignKeys: [
        { columns: ["shelf_id"], references: { table: "shelf", columns: ["id"], onDelete: "cascade" } },
      ],
    });
    op.bulkInsert("shelf", [{ name: "fiction" }, { name: "poetry" }]);
  },

  downgrade(op) {
    op.dropTable("book");
    op.dropTable("shelf");
  },
});
