import { describe, expect, test } from "vitest";
import type { Operations, RunEvent } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { revision } from "../support/revisions.ts";
import { execute, migratorFor, readRows, temporaryPath } from "../support/temporary-database.ts";

const rows = 1_000_200;

/** Rowids have gaps, and one row stands far away from the others. */
function bigTable(definition: string): string {
  const path = temporaryPath();
  execute(
    path,
    `PRAGMA journal_mode = wal; CREATE TABLE t (${definition});
WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < ${rows - 1}) INSERT INTO t (rowid, a) SELECT 2 * x, x FROM n;
INSERT INTO t (rowid, a) VALUES (-7, 0);`,
  );
  return path;
}

const rebuild = (op: Operations) =>
  op.batchAlterTable("t", { recreate: "always" }, (batch) => batch.addColumn({ name: "b", default: "new" }));

const digest = "SELECT count(*), sum(rowid), sum(a), count(b) FROM t";

describe("the copy of a large table", () => {
  test("is cut into parts that tell how far it is, and copies every row with its rowid", async () => {
    const path = bigTable("a");
    const before = readRows(path, "SELECT count(*), sum(rowid), sum(a) FROM t")[0];
    const events: RunEvent[] = [];
    await migratorFor(path, [revision("a", null, { upgrade: rebuild })], {
      onEvent: (event) => events.push(event),
    }).upgrade();
    expect(readRows(path, digest)).toEqual([[...(before ?? []), rows]]);
    const progress = events.filter((event) => event.kind === "progress");
    expect(progress).toHaveLength(5);
    expect(progress.every((event) => event.activity === "copy" && event.total === rows)).toBe(true);
    const done = progress.map((event) => event.rows);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(rows);
  });

  test("can be cancelled between parts, which leaves everything as it was", async () => {
    const path = bigTable("a");
    const controller = new AbortController();
    const events: RunEvent[] = [];
    const error = await failureOf(
      migratorFor(path, [revision("a", null, { upgrade: rebuild })], {
        signal: controller.signal,
        onEvent: (event) => {
          events.push(event);
          if (event.kind === "progress") setTimeout(() => controller.abort(), 0);
        },
      }).upgrade(),
    );
    expect(error).toMatchObject({ code: "SKM_MIGRATION_ABORTED" });
    expect(events.filter((event) => event.kind === "progress").length).toBeLessThan(4);
    expect(readRows(path, "SELECT count(*) FROM t")).toEqual([[rows]]);
    expect(readRows(path, "SELECT name FROM pragma_table_info('t')")).toEqual([["a"]]);
  });

  test("is one statement where each statement is a round trip, and where no rowid can be named", async () => {
    const path = bigTable("a");
    const plain = migratorFor(path, [revision("a", null, { upgrade: rebuild })], {
      driver: oneBatchDriver(path),
    });
    const copies = ({ sql }: { readonly sql: string }): boolean => sql.startsWith("INSERT INTO _new_t");
    const { steps } = await plain.plan();
    expect(steps[0]?.statements.filter(copies)).toHaveLength(1);
    const hidden = await migratorFor(bigTable("a, oid, _rowid_, rowid"), [
      revision("a", null, { upgrade: rebuild }),
    ]).plan();
    expect(hidden.steps[0]?.statements.filter(copies)).toHaveLength(1);
  });
});
