import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  DriverError,
  type Driver,
  type Executor,
  type Migrator,
  type MigratorOptions,
  type Revision,
  type RunEvent,
} from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  tables,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

const file = "skillmeat-snapshot.json";

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-snapshot-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** SQL scripts a <- b <- c …, each with what it does. */
function writeScripts(...bodies: readonly string[]): string {
  const directory = temporaryDirectory();
  bodies.forEach((body, index) => {
    addScript(directory, index, body);
  });
  return directory;
}

function addScript(directory: string, index: number, body: string): void {
  const id = (at: number): string => String.fromCodePoint(97 + at);
  const down = index === 0 ? "base" : id(index - 1);
  writeFileSync(
    join(directory, `${id(index)}.sql`),
    `-- revision: ${id(index)}\n-- downRevision: ${down}\n-- upgrade\n${body}\n-- downgrade\n`,
  );
}

const createTable = (name: string): string => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY);`;

interface Run {
  readonly migrator: Migrator;
  readonly path: string;
  readonly events: readonly RunEvent[];
}

function open(revisions: MigratorOptions["revisions"], options: Partial<MigratorOptions> = {}): Run {
  const events: RunEvent[] = [];
  const path = temporaryPath();
  const migrator = migratorFor(path, revisions, { onEvent: (event) => events.push(event), ...options });
  return { migrator, path, events };
}

const warnings = ({ events }: Run): readonly string[] =>
  events.flatMap((event) => (event.kind === "warning" ? [`${event.code}: ${event.message}`] : []));

/** A database that a snapshot of the revisions has made. */
async function jump(
  revisions: readonly Revision[] | string,
  options: Partial<MigratorOptions> = {},
): Promise<Run> {
  const { text } = await open(revisions, options).migrator.snapshot();
  const run = open(revisions, { snapshot: JSON.parse(text) as Record<string, unknown>, ...options });
  await run.migrator.upgrade();
  return run;
}

const wholeSchema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";

describe("a snapshot", () => {
  test("takes an empty database to the newest revision in one step, and says so", async () => {
    const directory = writeScripts(createTable("x"), createTable("y"), "DROP TABLE x;");
    const made = await open(directory).migrator.snapshot();
    expect(made).toMatchObject({
      outcome: "written",
      path: join(directory, file),
      heads: ["c"],
      revisions: 3,
      objects: 1,
      rows: 0,
    });
    const run = open(directory);
    expect(await run.migrator.plan()).toMatchObject({
      steps: [{ step: { snapshot: { revisions: 3 } }, operations: ["apply a snapshot of 3 revisions"] }],
    });
    const result = await run.migrator.upgrade();
    expect(result).toMatchObject({
      outcome: "applied",
      headsBefore: [],
      headsAfter: ["c"],
      steps: [{ kind: "upgrade", revision: "c", snapshot: { revisions: 3 }, statements: 1 }],
    });
    expect(run.events).toContainEqual(
      expect.objectContaining({
        kind: "step-start",
        step: expect.objectContaining({ snapshot: { revisions: 3 } }),
      }),
    );
    expect([tables(run.path), versions(run.path), warnings(run)]).toEqual([["y"], ["c"], []]);
    expect((await open(directory).migrator.snapshot()).outcome).toBe("unchanged");
  });

  test("imports no revision, and goes on with those that are newer", async () => {
    const directory = writeScripts(createTable("x"));
    const marker = "globalThis.skmImported = true;\n";
    writeFileSync(
      join(directory, "b.ts"),
      `${marker}export default { revision: "b", downRevision: "a", upgrade(op) { op.execute("${createTable("y")}"); } };`,
    );
    await open(directory).migrator.snapshot();
    Reflect.deleteProperty(globalThis, "skmImported");
    addScript(directory, 2, createTable("z"));
    const run = open(directory);
    const { steps } = await run.migrator.upgrade();
    expect(Reflect.has(globalThis, "skmImported")).toBe(false);
    expect(steps.map(({ revision: id, snapshot }) => [id, snapshot?.revisions])).toEqual([
      ["b", 2],
      ["c", undefined],
    ]);
    expect([tables(run.path), versions(run.path)]).toEqual([["x", "y", "z"], ["c"]]);
    expect(await open(directory).migrator.check({ checks: ["snapshot"] })).toMatchObject({ findings: [] });
  });

  test("leads to several heads", async () => {
    const forked = [revision("a", null), revision("b", "a"), revision("c", "a"), revision("d", null)];
    const { text } = await open(forked).migrator.snapshot();
    const run = open(forked, { snapshot: JSON.parse(text) as Record<string, unknown> });
    expect(await run.migrator.upgrade("heads")).toMatchObject({ headsAfter: ["b", "c", "d"] });
    expect(versions(run.path)).toEqual([["b"], ["c"], ["d"]].flat());
    expect((await run.migrator.downgrade("base")).headsAfter).toEqual([]);
    expect(tables(run.path)).toEqual([]);
  });

  test.each<[string, (run: Run, directory: string) => Promise<unknown>, readonly string[]]>([
    ["it is told not to", async ({ migrator }) => await migrator.upgrade("head", { snapshot: false }), []],
    ["the target lies before it", async ({ migrator }) => await migrator.upgrade("a"), []],
    [
      "the database holds a table",
      async ({ migrator, path }) => {
        execute(path, "CREATE TABLE other (x)");
        return await migrator.upgrade();
      },
      [],
    ],
    [
      "the database has a user_version",
      async ({ migrator, path }) => {
        execute(path, "PRAGMA user_version = 3");
        return await migrator.upgrade();
      },
      [],
    ],
    [
      "the text of the database is UTF-16",
      async ({ migrator, path }) => {
        execute(path, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE x (y); DROP TABLE x");
        return await migrator.upgrade();
      },
      [],
    ],
    [
      "a revision was edited",
      async ({ migrator }, directory) => {
        addScript(directory, 0, "CREATE TABLE x (id INTEGER PRIMARY KEY, more);");
        return await migrator.upgrade();
      },
      ['revision "a" was edited since'],
    ],
    [
      "a revision is gone",
      async ({ migrator }, directory) => {
        rmSync(join(directory, "b.sql"));
        return await migrator.upgrade();
      },
      ['revision "b" is not among the revisions any more'],
    ],
    [
      "it was edited by hand",
      async ({ migrator }, directory) => {
        const path = join(directory, file);
        writeFileSync(path, readFileSync(path, "utf8").replace("CREATE TABLE y (id", "CREATE TABLE y (di"));
        return await migrator.upgrade();
      },
      ["its digest does not fit: it is damaged or was edited"],
    ],
    [
      "a merge left marks in it",
      async ({ migrator }, directory) => {
        const path = join(directory, file);
        writeFileSync(path, readFileSync(path, "utf8").replace("{", "<<<<<<< ours\n{"));
        return await migrator.upgrade();
      },
      ["it is no JSON"],
    ],
    [
      "a newer program wrote it",
      async ({ migrator }, directory) => {
        const path = join(directory, file);
        writeFileSync(
          path,
          readFileSync(path, "utf8").replace('"skillmeatSnapshot": 1', '"skillmeatSnapshot": 2'),
        );
        return await migrator.upgrade();
      },
      ["its format is 2, and this version reads 1"],
    ],
  ])("is not used where %s", async (_why, upgrade, reasons) => {
    const directory = writeScripts(createTable("x"), createTable("y"));
    await open(directory).migrator.snapshot();
    const run = open(directory);
    const result = (await upgrade(run, directory)) as Awaited<ReturnType<Migrator["upgrade"]>>;
    expect(result.outcome).toBe("applied");
    expect(result.steps.filter(({ snapshot }) => snapshot !== undefined)).toEqual([]);
    const found = warnings(run);
    expect(found).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) {
      expect(found[index]).toContain(`SKM_SNAPSHOT_SKIPPED: the snapshot is not used`);
      expect(found[index]).toContain(reason);
    }
  });

  test("is not used for a revision that has come in between", async () => {
    const directory = writeScripts(createTable("x"), createTable("y"));
    await open(directory).migrator.snapshot();
    writeFileSync(
      join(directory, "between.sql"),
      "-- revision: between\n-- downRevision: base\n-- upgrade\nCREATE TABLE z (x);\n",
    );
    writeFileSync(
      join(directory, "a.sql"),
      readFileSync(join(directory, "a.sql"), "utf8").replace("base", "between"),
    );
    const run = open(directory);
    await run.migrator.upgrade();
    expect(warnings(run)[0]).toContain('revision "between" has come in since, and stands before b');
    expect(tables(run.path)).toEqual(["x", "y", "z"]);
  });

  test("is not used where revisions without a file follow each other another way", async () => {
    const insert = (id: string, down: string) =>
      revision(id, down, {
        upgrade: (op) => {
          op.execute(`INSERT INTO a (id) SELECT count(*) * 10 + ${id === "x" ? 1 : 2} FROM a`);
        },
      });
    const base = revision("a", null);
    const line = (first: string, second: string) => [
      base,
      insert(first, "a"),
      insert(second, first),
      revision("z", second),
    ];
    const { text } = await open(line("x", "y")).migrator.snapshot();
    const snapshot = JSON.parse(text) as Record<string, unknown>;
    const same = open(line("x", "y"), { snapshot });
    await same.migrator.upgrade();
    expect([warnings(same), readRows(same.path, "SELECT id FROM a")]).toEqual([[], [[1], [12]]]);
    const run = open(line("y", "x"), { snapshot });
    await run.migrator.upgrade();
    expect(warnings(run)[0]).toContain("the revisions are linked another way");
    expect(readRows(run.path, "SELECT id FROM a")).toEqual([[2], [11]]);
  });

  test("is not used where the file of a revision is gone by the time it is looked at", async () => {
    const directory = writeScripts(createTable("x"), createTable("y"));
    await open(directory).migrator.snapshot();
    const run = open(directory);
    await run.migrator.heads();
    rmSync(join(directory, "a.sql"));
    await failureOf(run.migrator.upgrade());
    expect(warnings(run)[0]).toContain('revision "a" was edited since');
  });

  test("does not mind how lines end", async () => {
    const directory = writeScripts("CREATE TABLE x (\n  id INTEGER PRIMARY KEY\n);", createTable("y"));
    await open(directory).migrator.snapshot();
    for (const name of ["b.sql", file]) {
      const path = join(directory, name);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    }
    const run = open(directory);
    expect((await run.migrator.upgrade()).steps).toHaveLength(1);
    expect(readRows(run.path, "SELECT sql FROM sqlite_schema WHERE name = 'x'")).toEqual([
      ["CREATE TABLE x (\n  id INTEGER PRIMARY KEY\n)"],
    ]);
  });

  test("warns where a file is named and missing", async () => {
    const directory = writeScripts(createTable("x"));
    const run = open(directory, { snapshot: join(directory, "elsewhere.json") });
    await run.migrator.upgrade();
    expect(warnings(run)[0]).toContain("it does not exist");
    expect(await open(directory, { snapshot: false }).migrator.check({ checks: ["snapshot"] })).toMatchObject(
      {
        findings: [{ code: "SKM_CHECK_SNAPSHOT", message: "there is no snapshot" }],
      },
    );
  });

  test("does not overwrite a file that is none", async () => {
    const directory = writeScripts(createTable("x"));
    const path = join(directory, file);
    writeFileSync(path, "{}");
    expect(await failureOf(open(directory).migrator.snapshot())).toMatchObject({ code: "SKM_FILE_EXISTS" });
    expect(readFileSync(path, "utf8")).toBe("{}");
  });
});

describe("rows that revisions insert", () => {
  const rich = `CREATE TABLE v (a, b TEXT, c INTEGER, d REAL, e BLOB, f NUMERIC);
INSERT INTO v (rowid, a, b, c, d, e, f) VALUES
  (7, 1, 'x''y', 9223372036854775807, 5, x'00ff', 1.5), (-3, 5.0, '', -1, -0.0, x'', 1e300),
  (12, 9e999, 'a' || char(0) || 'b', NULL, -9e999, NULL, '2'), (13, -0.0, CAST(x'ff41' AS TEXT), 0, 0.1, 'text', 3.0),
  (14, char(65279) || '😀', char(10), 1, 1, 1, 1);
CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, other REFERENCES p (id));
INSERT INTO p (id, other) VALUES (1, NULL), (2, 1), (90, 2);
DELETE FROM p WHERE id = 90;
CREATE TABLE child (x REFERENCES later (id));
CREATE TABLE later (id INTEGER PRIMARY KEY);
INSERT INTO later VALUES (1);
INSERT INTO child VALUES (1);
CREATE TABLE w (k TEXT, n INT, g INT AS (n * 2) STORED, PRIMARY KEY (k, n)) WITHOUT ROWID, STRICT;
INSERT INTO w (k, n) VALUES ('b', 1), ('a', 2);
CREATE TABLE log (what);
CREATE TRIGGER noted AFTER INSERT ON p BEGIN INSERT INTO log VALUES (new.id); END;
INSERT INTO p (other) VALUES (1);
CREATE VIEW seen AS SELECT * FROM p;
CREATE TRIGGER through INSTEAD OF INSERT ON seen BEGIN INSERT INTO p (other) VALUES (new.other); END;
CREATE INDEX ix ON v (b) WHERE c > 0;
CREATE VIRTUAL TABLE words USING fts5 (text);
INSERT INTO words (rowid, text) VALUES (3, 'some words'), (9, 'more words');
CREATE VIRTUAL TABLE of_log USING fts5 (what, content = log);
INSERT INTO of_log (of_log) VALUES ('rebuild');
PRAGMA user_version = 12;
PRAGMA application_id = 99;
ANALYZE;`;

  const everything = [
    wholeSchema,
    "SELECT rowid, typeof(a), CAST(a AS BLOB), typeof(b), CAST(b AS BLOB), c, typeof(c), typeof(d), d, typeof(e), e, typeof(f), f FROM v ORDER BY 1",
    "SELECT id, other FROM p ORDER BY 1",
    "SELECT * FROM child",
    "SELECT * FROM w",
    "SELECT rowid, what FROM log ORDER BY 1",
    "SELECT rowid, text FROM words WHERE words MATCH 'words' ORDER BY 1",
    "SELECT rowid FROM of_log WHERE of_log MATCH '3'",
    "SELECT name, seq FROM sqlite_sequence",
    "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2",
    "SELECT * FROM pragma_user_version, pragma_application_id, pragma_integrity_check",
  ];

  const revisions: readonly Revision[] = [
    revision("a", null, { upgrade: (op) => op.executeScript(rich) }),
    revision("b", "a"),
  ];

  test("are there exactly, of all kinds, and no trigger fires for them", async () => {
    const jumped = await jump(revisions, { applicationId: 99 });
    const replayed = open(revisions, { applicationId: 99 });
    await replayed.migrator.upgrade();
    for (const sql of everything) {
      expect(readRows(jumped.path, sql), sql).toEqual(readRows(replayed.path, sql));
    }
    execute(jumped.path, "INSERT INTO seen (other) VALUES (2)");
    expect(readRows(jumped.path, "SELECT id FROM p ORDER BY 1")).toEqual([[1], [2], [91], [92]]);
    await jumped.migrator.downgrade("-1");
    expect(versions(jumped.path)).toEqual(["a"]);
  });

  test("go through an engine that takes one batch", async () => {
    const { text } = await open(revisions).migrator.snapshot();
    const path = temporaryPath();
    const snapshot = JSON.parse(text) as Record<string, unknown>;
    const { migrator } = open(revisions, { driver: oneBatchDriver(path), snapshot, journal: true });
    expect((await migrator.upgrade()).steps).toMatchObject([{ snapshot: { revisions: 2 } }]);
    expect(versions(path)).toEqual(["b"]);
    expect((await migrator.journal()).map(({ direction, revision: id }) => [direction, id])).toEqual([
      ["snapshot", "a"],
      ["snapshot", "b"],
    ]);
    const second = temporaryPath();
    execute(second, "CREATE TABLE other (x)");
    const filled = open(revisions, { driver: oneBatchDriver(second), snapshot, transactionPer: "revision" });
    expect((await filled.migrator.upgrade()).steps).toHaveLength(2);
  });

  test.each<[string, string, string]>([
    ["the time in a form of its own", "INSERT INTO v VALUES (1, julianday('now'))", 'in column "b"'],
    ["chance", "INSERT INTO v VALUES (random(), 1)", 'in column "a"'],
  ])("are refused where they hold %s", async (_what, insert, where) => {
    const refused = [
      revision("a", null, { upgrade: (op) => op.executeScript(`CREATE TABLE v (a, b); ${insert}`) }),
    ];
    const error = await failureOf(open(refused).migrator.snapshot());
    expect(error).toMatchObject({ code: "SKM_SNAPSHOT_REFUSED" });
    expect(error.message).toContain(`row 1 of table "v" has`);
    expect(error.message).toContain(where);
  });

  test("are refused where they cannot be read back", async () => {
    const refused = [
      revision("a", null, {
        upgrade: (op) => op.execute("CREATE VIRTUAL TABLE w USING fts5 (text, content = '')"),
      }),
    ];
    const error = await failureOf(open(refused).migrator.snapshot());
    expect(error).toMatchObject({ code: "SKM_SNAPSHOT_REFUSED" });
    expect(error.message).toBe('cannot make a snapshot of table "w": it keeps no text');
  });
});

describe("values that say when the revisions ran", () => {
  const sqlTimes = `CREATE TABLE v (a, b DEFAULT CURRENT_TIMESTAMP, c, d, e, f);
INSERT INTO v (a, c, d, e, f) VALUES ('2020-01-02 03:04:05', unixepoch(), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1577934245, 1577934245000);`;
  const jsTimes = `export default { revision: "b", downRevision: "a", upgrade(op) {
    op.bulkInsert("v", [{ a: new Date().toISOString(), b: null, c: Date.now(), d: "2020-01-02T03:04:05.678Z" }]);
  } };`;

  test("say when the snapshot was applied, in the same form; other times stay", async () => {
    const directory = writeScripts(sqlTimes);
    writeFileSync(join(directory, "b.mjs"), jsTimes);
    const { text } = await open(directory).migrator.snapshot();
    expect(text).toContain(
      '[1,"2020-01-02 03:04:05",{"now":"%Y-%m-%d %H:%M:%S"},{"now":"seconds"},{"now":"%Y-%m-%dT%H:%M:%fZ"},1577934245,1577934245000]',
    );
    const run = open(directory);
    const from = Date.now();
    expect((await run.migrator.upgrade()).steps).toHaveLength(1);
    const to = Date.now();
    const [first = [], second = []] = readRows(run.path, "SELECT a, b, c, d FROM v ORDER BY rowid");
    expect([first[0], second[1], second[3]]).toEqual([
      "2020-01-02 03:04:05",
      null,
      "2020-01-02T03:04:05.678Z",
    ]);
    const moments = [
      Date.parse(`${String(first[1]).replace(" ", "T")}.999Z`),
      Number(first[2]) * 1000 + 999,
      Date.parse(String(first[3])),
      Date.parse(String(second[0])),
      Number(second[2]),
    ];
    // Seconds are rounded down.
    for (const moment of moments) expect(moment >= from && moment <= to + 1000).toBe(true);
    expect((await run.migrator.check({ checks: ["snapshot"] })).findings).toEqual([]);
  });

  test("are refused in operations of a revision that has no file", async () => {
    const timed = revision("a", null, {
      upgrade: (op) => {
        op.execute("CREATE TABLE v (x)");
        op.execute("INSERT INTO v VALUES (?)", [Date.now()]);
      },
    });
    expect((await failureOf(open([timed]).migrator.snapshot())).message).toBe(
      "cannot make a snapshot of these revisions: they have no file, and do not record the same operations each time:\n  a",
    );
  });
});

describe("the journal", () => {
  test("notes each revision that a snapshot stands for, so that an edit is found later", async () => {
    const run = await jump(chain(), { journal: true });
    const replayed = open(chain(), { journal: true });
    await replayed.migrator.upgrade();
    const lines = await run.migrator.journal();
    expect(lines.map(({ direction }) => direction)).toEqual(["snapshot", "snapshot", "snapshot"]);
    expect(lines.map(({ checksum }) => checksum)).toEqual(
      (await replayed.migrator.journal()).map(({ checksum }) => checksum),
    );
    const edited = chain({ upgrade: (op) => op.execute("CREATE TABLE c (other)") });
    const later = migratorFor(run.path, edited, { journal: true });
    expect((await later.findEdited()).map(({ revision: id }) => id)).toEqual(["c"]);
  });
});

describe("beside other features", () => {
  test("a snapshot leaves the rows about readers that its revisions leave", async () => {
    const additive = [
      revision("a", null),
      revision("b", "a", { minimumReader: "a" }),
      revision("c", "b", { minimumReader: "a" }),
    ];
    const run = await jump(additive);
    const replayed = open(additive);
    await replayed.migrator.upgrade();
    const everything = "SELECT * FROM skillmeat_readers";
    expect(readRows(run.path, everything)).toEqual(readRows(replayed.path, everything));
    expect(readRows(run.path, wholeSchema)).toEqual(readRows(replayed.path, wholeSchema));
  });

  test("a snapshot stands for a squashed revision, and not for those that it replaced", async () => {
    const squashed: readonly Revision[] = [revision("s", null, { replaces: ["a", "b"] }), revision("c", "s")];
    const run = await jump(squashed);
    expect(versions(run.path)).toEqual(["c"]);
    const { text } = await open(chain()).migrator.snapshot();
    const stale = open(squashed, { snapshot: JSON.parse(text) as Record<string, unknown> });
    await stale.migrator.upgrade();
    expect(warnings(stale)[0]).toContain('revision "a" is not among the revisions any more');
    expect(tables(stale.path)).toEqual(["c", "s"]);
  });

  test("one transaction for each revision begins with that of the snapshot", async () => {
    const directory = writeScripts(createTable("x"), createTable("y"));
    await open(directory).migrator.snapshot();
    addScript(directory, 2, createTable("z"));
    const run = open(directory, { transactionPer: "revision" });
    await run.migrator.upgrade();
    expect(run.events.filter(({ kind }) => kind === "commit")).toHaveLength(2);
    expect([tables(run.path), versions(run.path)]).toEqual([["x", "y", "z"], ["c"]]);
  });
});

test("a snapshot that an engine refuses is rolled back, and the way out is named", async () => {
  const directory = writeScripts(createTable("x"), createTable("y"));
  await open(directory).migrator.snapshot();
  const path = temporaryPath();
  const real = openDriver(path);
  const driver: Driver = {
    ...real,
    connect: async (options) => {
      const connection = await real.connect(options);
      const refusing: NonNullable<typeof connection.transaction> = async (work, unit) => {
        const run = async (tx: Executor) =>
          await work({
            query: async (statement) => {
              if (statement.sql.includes("CREATE TABLE y")) throw new DriverError("sql", "no such module: y");
              return await tx.query(statement);
            },
          });
        if (connection.transaction === undefined) throw new Error("it is interactive");
        return await connection.transaction(run, unit);
      };
      return { ...connection, transaction: refusing };
    },
  };
  expect(await failureOf(open(directory, { driver }).migrator.upgrade())).toMatchObject({
    code: "SKM_MIGRATION_FAILED",
    message:
      'the snapshot up to "b" failed, statement 2: no such module: y; the database is unchanged, at base',
    hint: "replay the revisions: `upgrade --no-snapshot`",
  });
  expect(tables(path)).toEqual([]);
});

describe("check", () => {
  /** What comes after the first question is no part of a checksum, as what it imports is no part of a file. */
  const inserting = (id: number): readonly Revision[] => [
    revision("x", null),
    revision("b", "x", {
      upgrade: async (op) => {
        await op.query("SELECT 1");
        op.bulkInsert("x", [{ id }]);
      },
    }),
  ];

  test("finds a snapshot that does not make what the revisions make, and says what", async () => {
    const { text } = await open(inserting(1)).migrator.snapshot();
    const snapshot = JSON.parse(text) as Record<string, unknown>;
    expect(await open(inserting(1), { snapshot }).migrator.check({ checks: ["snapshot"] })).toMatchObject({
      findings: [],
    });
    const { findings } = await open(inserting(2), { snapshot }).migrator.check({ checks: ["snapshot"] });
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      [
        "SKM_CHECK_SNAPSHOT",
        'the snapshot does not make what the revisions make:\n  row 1 of table "x" has 1 in column "id", expected 2',
      ],
    ]);
  });

  test("asks for no snapshot where there is none, and finds one that is stale or damaged", async () => {
    const directory = writeScripts(createTable("x"));
    const { migrator } = open(directory);
    expect((await migrator.check()).checked).not.toContain("snapshot");
    await migrator.snapshot();
    expect((await migrator.check()).checked).toContain("snapshot");
    addScript(directory, 0, createTable("z"));
    const stale = await open(directory).migrator.check({ checks: ["snapshot"] });
    expect(stale.findings.map(({ message }) => message)).toEqual([
      'the snapshot is not of these revisions: revision "a" was edited since',
    ]);
    writeFileSync(join(directory, file), '{ "skillmeatSnapshot": 1');
    const damaged = await open(directory).migrator.check({ checks: ["snapshot"] });
    expect(damaged.findings[0]?.message).toContain("it is no JSON");
    expect((await open(directory).migrator.snapshot()).outcome).toBe("written");
  });
});
