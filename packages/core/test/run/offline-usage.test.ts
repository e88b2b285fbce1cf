import { expect, test } from "vitest";
import type { Operations } from "@skillmeat/migrate-core";
import { revision } from "../support/revisions.ts";
import { runShell } from "../support/sqlite-shell.ts";
import { execute, migratorFor, readRows, temporaryPath, versions } from "../support/temporary-database.ts";

const revisions = [
  revision("one", null, {
    upgrade: (op: Operations) => {
      op.execute("CREATE TABLE t (a, b, c UNIQUE)");
      op.execute("CREATE VIEW v AS SELECT a, 1 AS b FROM t");
      op.execute(
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO t (c) SELECT a FROM v WHERE 0 ON CONFLICT (c) DO NOTHING; END",
      );
    },
  }),
  revision("two", "one", { upgrade: (op: Operations) => op.dropColumn("t", "b") }),
];

const views: readonly (readonly [view: string, is: readonly string[]])[] = [
  ["CREATE VIEW v AS SELECT a, 1 AS b FROM t", ["two"]],
  ["CREATE VIEW v AS SELECT a, b FROM t", ["one"]],
];

test.each(views)("a script drops a column only beside the views that it knows: %s", async (view, is) => {
  const path = temporaryPath();
  await migratorFor(path, revisions).upgrade("one");
  execute(path, `DROP VIEW v; ${view}; INSERT INTO t (a, b) VALUES (1, 2)`);
  const script = await migratorFor(temporaryPath(), revisions).sql("one:two");
  const { exit } = runShell(path, script, "-bail");
  expect([exit === 0, versions(path)]).toEqual([is[0] === "two", is]);
  expect(readRows(path, "SELECT a FROM t")).toEqual([[1]]);
});
