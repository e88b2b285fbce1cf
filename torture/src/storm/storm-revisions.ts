import { defineRevision, type Operations, type Revision } from "@skillmeat/migrate-core";

/** Has one row for each time that a revision was applied. No constraint keeps a second one out. */
export const appliedTable = "applied";

/** The table that an application goes on writing to while it is migrated. */
export const applicationTable = "note";

/**
 * Revisions that can be applied twice without an error, so that only the locking of the product keeps that
 * from happening: what would stop a second application elsewhere is left out on purpose.
 */
export const stormRevisions: readonly Revision[] = [
  step("one", null, (op) => {
    op.execute(
      `CREATE TABLE IF NOT EXISTS ${appliedTable} (revision TEXT NOT NULL, process INTEGER NOT NULL)`,
    );
    op.execute(`CREATE TABLE IF NOT EXISTS ${applicationTable} (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`);
  }),
  step("two", "one", (op) => {
    op.execute("CREATE TABLE IF NOT EXISTS label (id INTEGER PRIMARY KEY, name TEXT)");
    op.execute("INSERT INTO label (name) SELECT 'label ' || count(*) FROM label");
  }),
  step("three", "two", (op) => {
    op.execute(
      `CREATE TABLE ${applicationTable}_new (id INTEGER PRIMARY KEY, body TEXT NOT NULL, length INTEGER)`,
    );
    op.execute(`INSERT INTO ${applicationTable}_new SELECT id, body, length(body) FROM ${applicationTable}`);
    op.execute(`DROP TABLE ${applicationTable}`);
    op.execute(`ALTER TABLE ${applicationTable}_new RENAME TO ${applicationTable}`);
  }),
  step("four", "three", (op) => {
    op.execute(`CREATE INDEX IF NOT EXISTS ix_length ON ${applicationTable} (length)`);
    op.execute("INSERT INTO label (name) SELECT 'label ' || count(*) FROM label");
  }),
];

export const stormHead = "four";

function step(revision: string, downRevision: string | null, change: (op: Operations) => void): Revision {
  return defineRevision({
    revision,
    downRevision,
    upgrade(op) {
      change(op);
      op.execute(`INSERT INTO ${appliedTable} VALUES (?, ?)`, [revision, process.pid]);
    },
  });
}
