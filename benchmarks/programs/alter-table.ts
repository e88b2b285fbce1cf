// Changes a table of a million rows: `node alter-table.ts <ours|floor> <change> <path>`. The floor is the SQL that
// somebody who knows SQLite well writes for it by hand, in one transaction with the same PRAGMAs.
import process from "node:process";
import { createMigrator, type Operations } from "@skillmeat/migrate-core";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { openDatabase, samePragmas } from "../src/data/engine.ts";
import { largeTableIndexes, largeTableSql } from "../src/data/large-table.ts";
import { peakMemory, startStopwatch } from "../src/measure/stopwatch.ts";

interface Change {
  readonly upgrade: (op: Operations) => void;
  readonly sql: string;
}

const columns = "id, c1, c2, c3, c4, c5, c6, c7, c8, c9";
const swap = "DROP TABLE t; ALTER TABLE n RENAME TO t;";
const changes: Readonly<Record<string, Change>> = {
  type: {
    upgrade: (op) => op.alterColumn("t", "c7", { type: "TEXT" }),
    sql: `${largeTableSql("n", "index", { c7: "TEXT" })}; INSERT INTO n SELECT ${columns} FROM t; ${swap} ${largeTableIndexes}`,
  },
  width: {
    upgrade: (op) => op.alterColumn("t", "c9", { type: "VARCHAR(50)" }),
    sql: `${largeTableSql("n", "index", { c9: "VARCHAR(50)" })}; INSERT INTO n SELECT ${columns} FROM t; ${swap} ${largeTableIndexes}`,
  },
  unique: {
    upgrade: (op) => op.alterColumn("t", "c9", { type: "VARCHAR(50)" }),
    sql: `${largeTableSql("n", "unique", { c9: "VARCHAR(50)" })}; INSERT INTO n SELECT ${columns} FROM t; ${swap}`,
  },
  check: {
    upgrade: (op) => op.createCheckConstraint("t", { name: "ck", expression: "c2 >= 0" }),
    sql: "ALTER TABLE t ADD CONSTRAINT ck CHECK (c2 >= 0)",
  },
  notNull: {
    upgrade: (op) => op.alterColumn("t", "c9", { nullable: false }),
    sql: "ALTER TABLE t ALTER COLUMN c9 SET NOT NULL",
  },
};

const [, , contender, name = "", path = ""] = process.argv;
const change = changes[name];
if (change === undefined) throw new TypeError(`no change ${name}`);
const stop = startStopwatch();
if (contender === "ours") await changeOurs(change);
else changeByHand(change);
process.stdout.write(`${JSON.stringify({ ...stop(), rssMb: peakMemory() })}\n`);

async function changeOurs({ upgrade }: Change): Promise<void> {
  const migrator = createMigrator({
    driver: betterSqlite3({ path }),
    revisions: [{ revision: "a", downRevision: null, upgrade }],
  });
  await migrator.upgrade();
  await migrator.close();
}

function changeByHand({ sql }: Change): void {
  const database = openDatabase(path);
  database.exec(samePragmas);
  database.exec("PRAGMA foreign_keys = 0");
  database.exec(`BEGIN IMMEDIATE; ${sql}; COMMIT`);
  database.close();
}
