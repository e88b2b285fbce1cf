import { describe, expect, test } from "vitest";
import type { Operations } from "../../src/ops/operations.ts";
import { readRevisionDirectory } from "../../src/script/read-revision-directory.ts";
import { parseSqlRevision, renderSqlRevision } from "../../src/script/sql-revision.ts";
import { placeOfFile } from "../../src/script/wrong-export.ts";
import { recordOperations } from "../ops/record-operations.ts";
import { makeDirectory } from "./project.ts";

const place = placeOfFile("/x/a.sql");
const header = "-- revision: a\n-- downRevision: base\n";

const script = `\uFEFF-- Copyright: nobody
-- revision: 2b
-- downRevision: 1a, 1b
-- branchLabels: cart
-- dependsOn: users
-- replaces: 1c, 1d
-- minimumReader: 1a, 1b
-- message: Add the cart: first part
-- message:
-- message: and more
-- createDate: 2026-03-04T05:06:07Z
/* -- upgrade */

-- upgrade
CREATE TABLE t (a DEFAULT '
-- downgrade
', b);
CREATE TRIGGER r AFTER INSERT ON t BEGIN
  -- what it does
  UPDATE t SET b = 1; DELETE FROM t WHERE a = ';';
END;
-- downgrade
DROP TABLE t
`;

const record = (body: ((op: Operations) => unknown) | undefined): readonly unknown[] =>
  recordOperations((op) => body?.(op)).map((operation) =>
    operation.kind === "execute" ? operation.sql : operation.kind,
  );

describe("an SQL script", () => {
  test.each([
    ["LF", script],
    ["CRLF", script.replaceAll("\n", "\r\n")],
  ])("is a revision with %s", (_, text) => {
    const revision = parseSqlRevision(text, place);
    expect(revision).toMatchObject({
      revision: "2b",
      downRevision: ["1a", "1b"],
      branchLabels: "cart",
      dependsOn: "users",
      replaces: ["1c", "1d"],
      minimumReader: ["1a", "1b"],
      message: "Add the cart: first part\n\nand more",
      createDate: "2026-03-04T05:06:07Z",
    });
    expect(record(revision.upgrade)).toEqual([
      expect.stringMatching(/^CREATE TABLE t \(a DEFAULT '\r?\n-- downgrade\r?\n', b\)$/),
      expect.stringContaining("-- what it does"),
    ]);
    expect(record(revision.downgrade)).toEqual(["DROP TABLE t"]);
  });

  test("cannot be undone without a downgrade section, and need not do anything with an empty one", () => {
    expect(parseSqlRevision(`${header}-- upgrade\nSELECT 1`, place).downgrade).toBeUndefined();
    const both = parseSqlRevision(`${header}-- upgrade\n\n-- Downgrade  \n  -- nothing\n`, place);
    expect([record(both.upgrade), record(both.downgrade)]).toEqual([[], []]);
  });

  test("may have its sections the other way round", () => {
    const revision = parseSqlRevision(`${header}-- downgrade\nSELECT 1;\n-- upgrade\nSELECT 2;`, place);
    expect([record(revision.upgrade), record(revision.downgrade)]).toEqual([["SELECT 2"], ["SELECT 1"]]);
  });

  test.each([
    ["", /has no "revision"/],
    ["CREATE TABLE a (b);", /has no "revision"/],
    [header, /has no `-- upgrade` line/],
    ["-- upgrade\nSELECT 1;", /has no "revision"/],
    ["-- revision:\n-- downRevision: base\n-- upgrade", /has no "revision"/],
    ["-- revision: a\n-- upgrade", /has no "downRevision"/],
    ["-- revision: a\n-- downRevision:\n-- upgrade", /has no "downRevision"/],
    ["-- revision: a\n-- downRevison: b\n-- upgrade", /has "downRevison" where "downRevision" is meant/],
    ["-- revision: a\n-- down_revision: b\n-- down revision: c\n-- upgrade", /two `-- downRevision:` lines/],
    [`${header}-- upgrade\n-- upgrade`, /two `-- upgrade` lines/],
    [`${header}SELECT 1;\n-- upgrade`, /has a statement before the `-- upgrade` line: "SELECT 1;"/],
    [`${header}'\n-- upgrade\n'`, /has no `-- upgrade` line/],
  ])("%j is refused", (text, message) => {
    expect(() => parseSqlRevision(text, place)).toThrow(
      expect.objectContaining({ code: "SKM_SCRIPT_EXPORT", message: expect.stringMatching(message) }),
    );
  });

  test("is written so that it reads the same", () => {
    const { upgrade: _, downgrade: __, ...info } = parseSqlRevision(script, place);
    const text = renderSqlRevision(info, { upgrade: "SELECT 1;\n", downgrade: null });
    expect(text.split("\n").slice(-3)).toEqual(["-- upgrade", "SELECT 1;", ""]);
    const again = parseSqlRevision(text, place);
    expect(again).toMatchObject(info);
    expect(record(again.upgrade)).toEqual(["SELECT 1"]);
  });
});

test("scripts and modules stand in one directory, and every malformed one is reported at once", async () => {
  const directory = makeDirectory({
    "1.sql": `${header}-- upgrade\nSELECT 1;`,
    "2.mjs": 'export default { revision: "b", downRevision: "a", upgrade() {} };',
    "3.sql": "SELECT 1;",
    "4.sql": "-- revision: d\n-- upgrade",
    "data.SQL": "not ours",
  });
  const { sources, problems } = await readRevisionDirectory(directory, { headerCache: false });
  expect(sources.map(({ info }) => info.revision)).toEqual(["a", "b"]);
  expect(problems.map(({ path, error }) => [path.slice(-5), error.code])).toEqual([
    ["3.sql", "SKM_SCRIPT_EXPORT"],
    ["4.sql", "SKM_SCRIPT_EXPORT"],
  ]);
  const loaded = await sources[0]?.load();
  expect(record(loaded?.upgrade)).toEqual(["SELECT 1"]);
});
