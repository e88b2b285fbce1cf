import { expect, test } from "vitest";
import type { Operations } from "@skillmeat/migrate-core";
import { revision } from "../support/revisions.ts";
import { runShell } from "../support/sqlite-shell.ts";
import { execute, migratorFor, readRows, temporaryPath, versions } from "../support/temporary-database.ts";

const known = "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (b) VALUES (1); END";
/** SQLite drops the column without a word, and the trigger never fires again. */
const uses = "CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN INSERT INTO log (b) VALUES (1); END";

const revisions = [
  revision("one", null, {
    upgrade: (op: Operations) => {
      op.execute("CREATE TABLE log (b)");
      op.execute("CREATE TABLE t (a, b)");
      op.execute(known);
    },
  }),
  revision("two", "one", { upgrade: (op: Operations) => op.dropColumn("t", "b") }),
];

test.each([
  [known, "two"],
  [uses, "one"],
])("a script drops a column only beside the triggers that it knows: %s", async (trigger, is) => {
  const path = temporaryPath();
  await migratorFor(path, revisions).upgrade("one");
  execute(path, `DROP TRIGGER tr; INSERT INTO t VALUES (1, 2); ${trigger}`);
  const script = await migratorFor(temporaryPath(), revisions).sql("one:two");
  const { exit } = runShell(path, script, "-bail");
  expect([exit === 0, versions(path)]).toEqual([is === "two", [is]]);
  expect(readRows(path, "SELECT a FROM t")).toEqual([[1]]);
});
