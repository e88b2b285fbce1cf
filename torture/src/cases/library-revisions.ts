import { defineRevision, sql, type Operations, type Revision } from "@skillmeat/migrate-core";

const catalog: Revision = defineRevision({
  revision: "catalog",
  downRevision: null,
  upgrade(op) {
    op.createTable({
      name: "author",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: true },
        { name: "name", type: "TEXT", nullable: false, collate: "NOCASE" },
      ],
    });
    op.createTable({
      name: "book",
      columns: [
        { name: "id", type: "INTEGER", primaryKey: { autoincrement: true } },
        {
          name: "author_id",
          type: "INTEGER",
          nullable: false,
          references: { table: "author", onDelete: "cascade" },
        },
        { name: "title", type: "TEXT", nullable: false },
        { name: "tags", type: "TEXT", nullable: false, default: "" },
      ],
      checks: [{ name: "ck_title", expression: "title <> ''" }],
    });
    op.createIndex({ name: "ix_book_author", table: "book", columns: ["author_id"] });
  },
  downgrade(op) {
    op.dropTable("book");
    op.dropTable("author");
  },
});

/** Adds a column and fills it, then moves data into a new table: in SQL, and row by row through JavaScript. */
const slugs: Revision = defineRevision({
  revision: "slugs",
  downRevision: "catalog",
  async upgrade(op) {
    op.addColumn("book", { name: "slug", type: "TEXT" });
    op.execute("UPDATE book SET slug = lower(replace(title, ' ', '-'))");
    op.createTable({
      name: "book_tag",
      columns: [
        { name: "book_id", type: "INTEGER", references: { table: "book", onDelete: "cascade" } },
        { name: "tag", type: "TEXT" },
      ],
      primaryKey: ["book_id", "tag"],
      withoutRowid: true,
    });
    for (const { id, tags } of await op.query("SELECT id, tags FROM book WHERE tags <> '' ORDER BY id")) {
      const rows = String(tags)
        .split(",")
        .map((tag) => ({ book_id: Number(id), tag }));
      op.bulkInsert("book_tag", rows);
    }
    op.execute("UPDATE book SET tags = ''");
  },
  downgrade(op) {
    op.execute(
      "UPDATE book SET tags = coalesce((SELECT group_concat(tag, ',' ORDER BY tag) FROM book_tag WHERE book_id = book.id), '')",
    );
    op.dropTable("book_tag");
    op.dropColumn("book", "slug");
  },
});

const overview: Revision = defineRevision({
  revision: "overview",
  downRevision: "slugs",
  upgrade(op) {
    op.createIndex({ name: "ux_book_slug", table: "book", columns: [sql`lower(slug)`], unique: true });
    op.createIndex({ name: "ix_book_open", table: "book", columns: ["title"], where: "tags = ''" });
    op.createTable({
      name: "book_change",
      columns: [
        { name: "book_id", type: "INTEGER" },
        { name: "title", type: "TEXT" },
      ],
    });
    op.createTrigger({
      name: "book_renamed",
      table: "book",
      timing: "after",
      event: "update",
      of: ["title"],
      body: "INSERT INTO book_change VALUES (NEW.id, OLD.title)",
    });
    op.createView({
      name: "shelf",
      as: "SELECT book.title, author.name FROM book JOIN author ON author.id = book.author_id",
    });
    op.execute("UPDATE book SET title = title || '!' WHERE id % 2 = 0");
  },
  downgrade(op) {
    op.dropView("shelf");
    op.dropTrigger("book_renamed");
    op.execute("UPDATE book SET title = rtrim(title, '!')");
    op.dropTable("book_change");
    op.dropIndex("ix_book_open");
    op.dropIndex("ux_book_slug");
  },
});

/** Two branches from one revision, each with a table, and the revision that joins them. */
const branches: readonly Revision[] = [
  branch("loans", (op) => op.execute("INSERT INTO loans SELECT id, 'loan' FROM book")),
  branch("reviews", (op) => op.execute("INSERT INTO reviews SELECT id, 'review' FROM book")),
  defineRevision({
    revision: "joined",
    downRevision: ["loans", "reviews"],
    upgrade(op) {
      op.createTable({
        name: "event",
        columns: [
          { name: "book_id", type: "INTEGER" },
          { name: "note", type: "TEXT" },
        ],
      });
      op.execute("INSERT INTO event SELECT * FROM loans UNION ALL SELECT * FROM reviews");
    },
    downgrade(op) {
      op.dropTable("event");
    },
  }),
];

/** Rebuilds a table that others refer to, with a trigger, a view and several indexes on it. */
const years: Revision = defineRevision({
  revision: "years",
  downRevision: "joined",
  upgrade(op) {
    op.batchAlterTable("book", { recreate: "always" }, (batch) => {
      batch.addColumn({ name: "year", type: "INTEGER", default: 2000 }, { insertAfter: "title" });
      batch.dropConstraint("ck_title");
      batch.createCheckConstraint({ name: "ck_book", expression: "title <> '' AND year > 1400" });
      batch.alterColumn("slug", { nullable: false });
    });
    op.execute("UPDATE book SET year = 1900 + id % 100");
  },
  downgrade(op) {
    op.batchAlterTable("book", { recreate: "always" }, (batch) => {
      batch.dropConstraint("ck_book");
      batch.dropColumn("year");
      batch.createCheckConstraint({ name: "ck_title", expression: "title <> ''" });
      batch.alterColumn("slug", { nullable: true });
    });
  },
});

function branch(name: string, fill: (op: Operations) => void): Revision {
  return defineRevision({
    revision: name,
    downRevision: "overview",
    upgrade(op) {
      op.createTable({
        name,
        columns: [
          { name: "book_id", type: "INTEGER" },
          { name: "note", type: "TEXT" },
        ],
      });
      fill(op);
    },
    downgrade(op) {
      op.dropTable(name);
    },
  });
}

/** A small library: a chain with data moves, triggers and views, two branches, their merge, and a rebuild. */
export const libraryRevisions: readonly Revision[] = [catalog, slugs, overview, ...branches, years];

const numbers = (last: number): string =>
  `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${last})`;

/** Some pages full of rows, so that a run writes more than one page of each table. */
export const libraryRows: readonly string[] = [
  `${numbers(5)} INSERT INTO author SELECT n, 'Author ' || n FROM number`,
  `${numbers(120)} INSERT INTO book (author_id, title, tags)
SELECT n % 5 + 1, 'Book ' || n, iif(n % 3 = 0, 'old,rare', '') FROM number`,
];
