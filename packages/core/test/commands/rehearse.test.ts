import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { Operations, Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { revision } from "../support/revisions.ts";
import { execute, migratorFor, temporaryPath } from "../support/temporary-database.ts";

const first = revision("a", null);
const filled = revision("b", "a", {
  upgrade: (op) => {
    op.createTable({ name: "b", columns: [{ name: "id", type: "INTEGER", primaryKey: true }] });
    op.execute("INSERT INTO b SELECT id FROM a");
    op.execute("DELETE FROM a WHERE id > 2");
  },
  downgrade: (op) => {
    op.execute("INSERT OR IGNORE INTO a SELECT id FROM b");
    op.dropTable("b");
  },
});

async function makeDatabase(): Promise<string> {
  const path = temporaryPath();
  await migratorFor(path, [first]).upgrade();
  execute(path, "INSERT INTO a VALUES (1), (2), (3)");
  return path;
}

/** Every file beside the database, by its content. */
function fingerprint(path: string): readonly string[] {
  const directory = dirname(path);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(
      ({ name }) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(directory, name)))
          .digest("hex")}`,
    )
    .toSorted();
}

const next = (
  upgrade: (op: Operations) => void,
  downgrade?: (op: Operations) => void,
): readonly Revision[] => [
  first,
  {
    revision: "b",
    downRevision: "a",
    upgrade,
    ...(downgrade === undefined ? {} : { downgrade }),
  },
];
const nothing = (): void => undefined;

test("a rehearsal says what each revision does to the rows, and touches nothing", async () => {
  const path = await makeDatabase();
  const directory = join(dirname(path), "room");
  mkdirSync(directory);
  const before = fingerprint(path);
  const result = await migratorFor(path, [first, filled]).rehearse("head", { directory });
  expect(result).toMatchObject({
    isSound: true,
    headsBefore: ["a"],
    headsAfter: ["b"],
    changes: ['create table "b" (1 column)'],
    findings: [],
    steps: [
      {
        revision: "b",
        kind: "upgrade",
        statements: 3,
        rows: [
          { table: "a", before: 3, after: 2 },
          { table: "b", before: null, after: 3 },
        ],
      },
      {
        revision: "b",
        kind: "downgrade",
        rows: [
          { table: "a", before: 2, after: 3 },
          { table: "b", before: 3, after: null },
        ],
      },
    ],
  });
  expect(result.steps.every(({ durationMs }) => durationMs > 0)).toBe(true);
  expect(fingerprint(path)).toEqual(before);
  expect(readdirSync(directory)).toEqual([]);
});

test("the copy has what is only in the log, while another program works", async () => {
  const path = await makeDatabase();
  const other = new Database(path);
  onTestFinished(() => void other.close());
  other.pragma("journal_mode = wal");
  other.exec("INSERT INTO a VALUES (4), (5)");
  other.exec("BEGIN IMMEDIATE; INSERT INTO a VALUES (6)");
  const { steps } = await migratorFor(path, [first, filled]).rehearse("head");
  expect(steps[0]?.rows[0]).toEqual({ table: "a", before: 5, after: 2 });
  other.exec("ROLLBACK");
});

test.each<[string, readonly Revision[], readonly string[], readonly string[]]>([
  [
    "a revision that fails on the rows",
    next((op) => op.execute("CREATE UNIQUE INDEX u ON a ((1))"), nothing),
    ["error failed up"],
    [],
  ],
  [
    "a way back that forgets a table",
    next((op) => op.execute("CREATE TABLE more (x)"), nothing),
    ["error schema-differs down"],
    ["upgrade", "downgrade"],
  ],
  [
    "a way back without the rows",
    next((op) => op.execute("DELETE FROM a WHERE id = 1"), nothing),
    ["error rows-lost down"],
    ["upgrade", "downgrade"],
  ],
  [
    "a way back that fails",
    next(nothing, (op) => op.dropTable("absent")),
    ["error failed down"],
    ["upgrade"],
  ],
  ["no way back", next(nothing), ["warning irreversible down"], ["upgrade"]],
])("%s is found", async (_title, revisions, findings, kinds) => {
  const path = await makeDatabase();
  const before = fingerprint(path);
  const result = await migratorFor(path, revisions).rehearse();
  expect(result.findings.map(({ severity, kind, way }) => `${severity} ${kind} ${way}`)).toEqual(findings);
  expect(result.steps.map(({ kind }) => kind)).toEqual(kinds);
  expect(result.isSound).toBe(findings.every((finding) => finding.startsWith("warning")));
  expect(fingerprint(path)).toEqual(before);
});

test("what the plan warns of is told", async () => {
  const path = await makeDatabase();
  const revisions = next((op) => op.dropTable("a"), nothing);
  const { warnings } = await migratorFor(path, revisions).rehearse("head", { downgrade: false });
  expect(warnings).toMatchObject([{ code: "SKM_LINT_DATA_LOSS", table: "a", rows: 3 }]);
});

test("where nothing is pending there is nothing to tell", async () => {
  const path = await makeDatabase();
  expect(await migratorFor(path, [first]).rehearse()).toEqual({
    isSound: true,
    headsBefore: ["a"],
    headsAfter: ["a"],
    steps: [],
    changes: [],
    warnings: [],
    findings: [],
  });
});

test("without a database there is nothing to rehearse on", async () => {
  const path = temporaryPath();
  expect((await failureOf(migratorFor(path, [first]).rehearse())).code).toBe("SKM_DB_MISSING");
  expect(readdirSync(dirname(path))).toEqual([]);
});
