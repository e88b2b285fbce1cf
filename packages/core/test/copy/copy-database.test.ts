import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  copyDatabase,
  DriverError,
  type CopyEvent,
  type CopyOptions,
  type Driver,
} from "@skillmeat/migrate-core";
import { nodeSqlite } from "../../../driver-node-sqlite/src/index.ts";
import { describeDatabase } from "../../../../tools/src/describe-database.ts";
import { richDatabase } from "../../../../tools/src/rich-database.ts";
import { failureOf } from "../support/failure-of.ts";
import { oneBatchDriver } from "../support/one-batch-driver.ts";
import { execute, openDriver, readRows, temporaryPath } from "../support/temporary-database.ts";

function sourceOf(...statements: readonly string[]): string {
  const path = temporaryPath();
  execute(path, `PRAGMA foreign_keys = OFF; ${statements.join(";\n")}`);
  return path;
}

function inFile(path: string, open = openDriver): CopyOptions["to"] {
  return { kind: "file", path, open };
}

/** What lies in the directory of a path. */
const beside = (path: string): readonly string[] => readdirSync(dirname(path)).toSorted();

describe("a copy in a new file", () => {
  test.each([
    ["better-sqlite3", openDriver, openDriver],
    ["node:sqlite", nodeSqlite, nodeSqlite],
    ["one to the other", openDriver, nodeSqlite],
  ])("has everything that the source has, %s", async (_name, from, to) => {
    const source = sourceOf(
      ...richDatabase,
      "PRAGMA application_id = 7",
      "ANALYZE",
      "DELETE FROM sqlite_stat1 WHERE tbl = 'parent'",
    );
    const target = temporaryPath();
    const result = await copyDatabase({ from: from(source), to: inFile(target, to) });
    expect(describeDatabase(target)).toEqual(describeDatabase(source));
    expect(result).toMatchObject({ replaced: false, skipped: [] });
    expect(result.tables).toContainEqual({ name: 'child " of', rows: 3 });
    expect(result.tables).not.toContainEqual(expect.objectContaining({ name: "names" }));
    expect(beside(target)).toEqual(["test.db"]);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readRows(target, "SELECT rowid FROM names WHERE names MATCH 'two'")).toEqual([[2]]);
    expect(readRows(target, "SELECT rowid FROM documents WHERE documents MATCH 'run' ORDER BY 1")).toEqual([
      [2],
      [5],
    ]);
    expect(readRows(target, "SELECT v FROM documents_config WHERE k = 'rank'")).toEqual([
      ["bm25(10.0, 5.0)"],
    ]);
  });

  test.each([
    ["UTF-16", "PRAGMA encoding = 'UTF-16le'"],
    ["UTF-16 of the other order", "PRAGMA encoding = 'UTF-16be'"],
    ["a page size", "PRAGMA page_size = 1024"],
    ["auto_vacuum", "PRAGMA auto_vacuum = INCREMENTAL"],
    ["a write-ahead log", "PRAGMA journal_mode = wal"],
  ])("keeps %s", async (_what, pragma) => {
    const source = temporaryPath();
    execute(source, `PRAGMA foreign_keys = OFF; ${pragma}; ${richDatabase.join(";\n")}`);
    const target = temporaryPath();
    await copyDatabase({ from: openDriver(source), to: inFile(target) });
    expect(beside(target)).toEqual(["test.db"]);
    expect(describeDatabase(target)).toEqual(describeDatabase(source));
  });

  test("of an empty database is one", async () => {
    const target = temporaryPath();
    expect(await copyDatabase({ from: openDriver(sourceOf("VACUUM")), to: inFile(target) })).toMatchObject({
      tables: [],
      rows: 0,
    });
    expect(readRows(target, "SELECT * FROM sqlite_schema")).toEqual([]);
  });

  test("reads large tables and large rows in pages", async () => {
    const source = sourceOf(
      "CREATE TABLE narrow (id INTEGER PRIMARY KEY, v)",
      "CREATE TABLE wide (v BLOB)",
      "CREATE TABLE keyed (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 12345) INSERT INTO narrow SELECT i * 3, 'row ' || i FROM n",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40) INSERT INTO wide SELECT randomblob(i * 10000) FROM n",
      "INSERT INTO wide VALUES (randomblob(3000000))",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 11000) INSERT INTO keyed SELECT i % 7, i FROM n",
    );
    const target = temporaryPath();
    const events: CopyEvent[] = [];
    await copyDatabase({
      from: openDriver(source),
      to: inFile(target),
      onEvent: (event) => events.push(event),
    });
    expect(describeDatabase(target)).toEqual(describeDatabase(source));
    const steps = (table: string): readonly number[] =>
      events.flatMap((event) => (event.kind === "rows" && event.table === table ? [event.rows] : []));
    expect(steps("narrow")).toEqual([5000, 10_000, 12_345]);
    expect(steps("wide").length).toBeGreaterThan(8);
    expect(steps("keyed").at(-1)).toBe(11_000);
    expect([events[0]?.kind, events.at(-1)?.kind]).toEqual(["start", "verified"]);
  });

  test("is the source at one moment, whoever writes meanwhile", async () => {
    const source = sourceOf(
      "PRAGMA journal_mode = wal",
      "CREATE TABLE a (x)",
      "CREATE TABLE b (x)",
      "INSERT INTO a VALUES (1)",
      "INSERT INTO b VALUES (1)",
    );
    const target = temporaryPath();
    const writer = new Database(source);
    onTestFinished(() => void writer.close());
    await copyDatabase({
      from: openDriver(source),
      to: inFile(target),
      onEvent: (event) => {
        if (event.kind !== "start") return;
        writer.exec("INSERT INTO a VALUES (2); UPDATE b SET x = 2; CREATE TABLE c (x)");
      },
    });
    expect(readRows(target, "SELECT x FROM a UNION ALL SELECT x FROM b")).toEqual([[1], [1]]);
    expect(readRows(target, "SELECT name FROM sqlite_schema ORDER BY name")).toEqual([["a"], ["b"]]);
    expect(readRows(source, "SELECT count(*) FROM a")).toEqual([[2]]);
  });

  test("waits for a lock on the source no longer than told", async () => {
    const source = sourceOf("CREATE TABLE a (x)");
    const holder = new Database(source);
    onTestFinished(() => void holder.close());
    holder.exec("BEGIN EXCLUSIVE");
    const target = temporaryPath();
    const error = await failureOf(copyDatabase({ from: openDriver(source), to: inFile(target), waitMs: 30 }));
    expect(error.code).toBe("SKM_BUSY");
    expect(beside(target)).toEqual([]);
  });
});

/** Values that something on the way could change, and what makes them in SQL. */
const awkward = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ sql: "?", value })),
  fc.double({ noNaN: true }).map((value) => ({ sql: "?", value })),
  fc.integer().map((value) => ({ sql: "CAST(? AS REAL)", value: BigInt(value) })),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => ({ sql: "CAST(? AS TEXT)", value: Buffer.from(bytes) })),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => ({ sql: "?", value: Buffer.from(bytes) })),
  fc.string({ unit: "binary", maxLength: 8 }).map((value) => ({ sql: "?", value: value.toWellFormed() })),
  fc
    .constantFrom("NULL", "-0.0", "9e999", "-9e999", "''", "x''", "'12'", "' 1'")
    .map((sql) => ({ sql, value: null })),
);

test("any value in any column, also as a key, stays what it is", async () => {
  const types = ["", "INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", "VARCHAR(9)", "DATETIME"];
  const columns = types.map((type, index) => `c${index} ${type}`).join(", ");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(awkward, { minLength: 8, maxLength: 8 }), { maxLength: 30 }),
      async (rows) => {
        const source = temporaryPath();
        const database = new Database(source);
        database.exec(
          `CREATE TABLE plain (${columns}); CREATE TABLE keyed (${columns}, PRIMARY KEY (c0, c4, c2)) WITHOUT ROWID`,
        );
        for (const row of rows) {
          for (const table of ["plain", "keyed"]) {
            const values = row.map(({ sql }) => sql).join(", ");
            const params = row.filter(({ sql }) => sql.includes("?")).map(({ value }) => value);
            database.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${values})`).run(...params);
          }
        }
        database.close();
        const target = temporaryPath();
        await copyDatabase({ from: openDriver(source), to: inFile(target) });
        expect(describeDatabase(target).rows).toEqual(describeDatabase(source).rows);
      },
    ),
    { numRuns: 25 },
  );
});

test("a page goes on behind any key", async () => {
  const keys = [
    "-9223372036854775808, 9007199254740993, 0, 1, 1.5, 9e999, -9e999, 1e300, '', 'a', 'B', 'é', '12'",
    "'x' || char(0), 'x' || char(0) || 'y', char(65533), CAST(x'ff' AS TEXT), CAST(x'eda080' AS TEXT), x'', x'00', x'ff', x'61'",
  ].join(", ");
  const values = keys.split(", ").map((key) => `(${key}, ${key}, zeroblob(400000))`);
  const source = sourceOf(
    "CREATE TABLE bare (k, pad, PRIMARY KEY (k)) WITHOUT ROWID",
    "CREATE TABLE nocase (k TEXT COLLATE NOCASE, k2, pad, PRIMARY KEY (k2 DESC, k)) WITHOUT ROWID",
    `INSERT INTO nocase VALUES ${values.join(", ")}`,
    "INSERT INTO bare SELECT k2, pad FROM nocase",
  );
  const target = temporaryPath();
  const pages: number[] = [];
  await copyDatabase({
    from: openDriver(source),
    to: inFile(target),
    onEvent: (event) => {
      if (event.kind === "rows" && event.table === "bare") pages.push(event.rows);
    },
  });
  expect(pages).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
  expect(describeDatabase(target).rows).toEqual(describeDatabase(source).rows);
});

test("a page goes on behind a key that compares in another way than its column", async () => {
  const source = sourceOf(
    "CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT, v, PRIMARY KEY (a COLLATE BINARY, b COLLATE NOCASE)) WITHOUT ROWID",
    'INSERT INTO t SELECT a.value, b.value, zeroblob(600000) FROM json_each(\'["a", "A", "b", "B"]\') a, json_each(\'["x", "Y"]\') b',
  );
  const target = temporaryPath();
  await copyDatabase({ from: openDriver(source), to: inFile(target) });
  expect(describeDatabase(target)).toEqual(describeDatabase(source));
});

test.each(["UTF-8", "UTF-16le", "UTF-16be"])(
  "a page goes on behind a key in %s for a target in another encoding",
  async (encoding) => {
    const source = sourceOf(
      `PRAGMA encoding = '${encoding}'`,
      "CREATE TABLE t (a TEXT PRIMARY KEY, v) WITHOUT ROWID",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) INSERT INTO t SELECT 'schlüssel ' || i, zeroblob(300000) FROM n",
    );
    const sql = "SELECT a, length(v) FROM t ORDER BY a";
    for (const other of ["UTF-8", "UTF-16le", "UTF-16be"]) {
      const target = temporaryPath();
      // Its encoding stays once there has been a table.
      execute(target, `PRAGMA encoding = '${other}'; CREATE TABLE x (a); DROP TABLE x`);
      await copyDatabase({ from: openDriver(source), to: inFile(target) });
      expect(readRows(target, sql)).toEqual(readRows(source, sql));
    }
  },
);

describe("a wide table", () => {
  const wide = (columns: number, first = ""): string => {
    const names = Array.from({ length: columns }, (_, index) => `c${index}`);
    const values = names.map(
      (_, index) => ["char(65, 0, 66)", "1.0", "NULL", "9e999", String(index)][index % 5],
    );
    const [key, value] = first === "" ? [[], []] : [[first], ["7"]];
    return `CREATE TABLE t (${[...key, ...names].join(", ")}); INSERT INTO t VALUES (${[...value, ...values].join(", ")})`;
  };

  test.each<[columns: number, definition: string]>([
    [1000, wide(1000)],
    [1001, wide(1001)],
    [1999, wide(1999)],
    [2000, wide(1999, "id INTEGER PRIMARY KEY")],
  ])("with %i columns is copied value by value", async (_columns, definition) => {
    const source = sourceOf(definition);
    const target = temporaryPath();
    expect(await copyDatabase({ from: openDriver(source), to: inFile(target) })).toMatchObject({ rows: 1 });
    for (const column of ["rowid", "c0", "c1", "c2", "c3", "c995", "c996", "c998"]) {
      const sql = `SELECT typeof(${column}), hex(${column}), ${column} FROM t`;
      expect(readRows(target, sql)).toEqual(readRows(source, sql));
    }
  });

  test("whose rowid is a column too many is refused before anything is written", async () => {
    const target = temporaryPath();
    const error = await failureOf(
      copyDatabase({ from: openDriver(sourceOf(wide(2000))), to: inFile(target) }),
    );
    expect(error).toMatchObject({ code: "SKM_UNSUPPORTED", exitCode: 9 });
    expect(beside(target)).toEqual([]);
  });
});

test("tables with names that engines keep for themselves are left, and named", async () => {
  const source = sourceOf(
    "CREATE TABLE _cf_notes (a)",
    "CREATE TABLE LIBSQL_notes (a)",
    "CREATE TABLE a (x)",
  );
  const result = await copyDatabase({ from: openDriver(source), to: inFile(temporaryPath()) });
  expect(result).toMatchObject({
    tables: [{ name: "a", rows: 0 }],
    leftOut: ["_cf_notes", "LIBSQL_notes"],
  });
});

describe("a copy into a database that is there", () => {
  test.each<[what: string, make: () => string]>([
    [
      "a file without a byte",
      () => {
        const path = temporaryPath();
        writeFileSync(path, "");
        return path;
      },
    ],
    ["a database without tables", () => sourceOf("VACUUM")],
  ])("does not replace it by %s", async (_what, make) => {
    const target = sourceOf("CREATE TABLE mine (x)", "INSERT INTO mine VALUES (1)");
    const before = describeDatabase(target);
    const error = await failureOf(
      copyDatabase({ from: openDriver(make()), to: inFile(target), replace: true }),
    );
    expect(error).toMatchObject({ code: "SKM_COPY_TARGET", exitCode: 9 });
    expect(error.message).toContain("the source holds nothing");
    expect(describeDatabase(target)).toEqual(before);
  });

  test("is not made through a link to nothing", async () => {
    const target = temporaryPath();
    symlinkSync(join(dirname(target), "nowhere.db"), target);
    const error = await failureOf(
      copyDatabase({ from: openDriver(sourceOf("CREATE TABLE a (x)")), to: inFile(target) }),
    );
    expect(error.code).toBe("SKM_DB_MISSING");
    expect(beside(target)).toEqual(["test.db"]);
  });

  test("is refused when that holds anything", async () => {
    const target = sourceOf("CREATE TABLE mine (x)", "INSERT INTO mine VALUES (1)");
    const before = describeDatabase(target);
    const error = await failureOf(
      copyDatabase({ from: openDriver(sourceOf(...richDatabase)), to: inFile(target) }),
    );
    expect(error).toMatchObject({ code: "SKM_COPY_TARGET", exitCode: 9 });
    expect(error.message).toBe("refusing to copy: the target holds 1 table or other object already");
    expect(describeDatabase(target)).toEqual(before);
  });

  test.each<[what: string, prepare: (path: string) => void]>([
    ["an empty file", (path) => writeFileSync(path, "")],
    ["a database without tables", (path) => execute(path, "PRAGMA user_version = 3")],
  ])("is made in %s", async (_what, prepare) => {
    const source = sourceOf(...richDatabase);
    const target = temporaryPath();
    prepare(target);
    const inode = statSync(target).ino;
    expect(await copyDatabase({ from: openDriver(source), to: inFile(target) })).toMatchObject({
      replaced: false,
    });
    expect(describeDatabase(target)).toEqual(describeDatabase(source));
    expect(statSync(target).ino).toBe(inode);
  });

  test("replaces all of it when told, in one transaction that readers see whole", async () => {
    const source = sourceOf(...richDatabase);
    const target = sourceOf(
      "PRAGMA journal_mode = wal",
      "CREATE TABLE parent (old)",
      "CREATE TABLE mine (x INTEGER PRIMARY KEY AUTOINCREMENT)",
      "INSERT INTO mine VALUES (7)",
      "CREATE VIRTUAL TABLE old_index USING fts5 (x)",
      "CREATE VIEW old_view AS SELECT * FROM mine",
      "CREATE TRIGGER old_trigger AFTER DELETE ON mine BEGIN SELECT 1; END",
      "ANALYZE",
      "PRAGMA application_id = 9",
    );
    const reader = new Database(target, { readonly: true });
    onTestFinished(() => void reader.close());
    const seen: unknown[] = [];
    const result = await copyDatabase({
      from: openDriver(source),
      to: inFile(target),
      replace: true,
      onEvent: ({ kind }) => {
        if (kind !== "verified") seen.push(reader.prepare("SELECT count(*) FROM mine").pluck().get());
      },
    });
    expect(result.replaced).toBe(true);
    expect(new Set(seen)).toEqual(new Set([1]));
    const { settings, ...copied } = describeDatabase(target);
    const { settings: expected, ...original } = describeDatabase(source);
    expect(copied).toEqual(original);
    expect(settings).toEqual({ ...expected, journal_mode: "wal" });
  });

  test("is refused through a driver too", async () => {
    const error = await failureOf(
      copyDatabase({
        from: openDriver(sourceOf("CREATE TABLE a (x)")),
        to: { kind: "database", driver: openDriver(sourceOf("CREATE VIEW v AS SELECT 1")) },
      }),
    );
    expect(error.code).toBe("SKM_COPY_TARGET");
  });

  test.each<[what: string, other: (path: string) => string]>([
    ["path", (path) => path],
    [
      "link",
      (path) => {
        symlinkSync(path, `${path}.link`);
        return `${path}.link`;
      },
    ],
  ])("refuses to be its own source, by %s", async (_what, other) => {
    const path = sourceOf(...richDatabase);
    const before = describeDatabase(path);
    const error = await failureOf(
      copyDatabase({ from: openDriver(path), to: inFile(other(path)), replace: true }),
    );
    expect(error.code).toBe("SKM_COPY_TARGET");
    expect(describeDatabase(path)).toEqual(before);
  });
});

describe("a copy that fails leaves nothing behind,", () => {
  test.each<[what: string, break_: (path: string) => void, code: string]>([
    [
      "a row that the definition does not allow",
      (path) => execute(path, "PRAGMA ignore_check_constraints = 1; INSERT INTO parent (name) VALUES ('')"),
      "SKM_COPY_FAILED",
    ],
    [
      "an index without content",
      (path) => execute(path, "CREATE VIRTUAL TABLE bare USING fts5 (x, content = '')"),
      "SKM_UNSUPPORTED",
    ],
  ])("after %s", async (_what, breakIt, code) => {
    const source = sourceOf(...richDatabase);
    breakIt(source);
    const created = temporaryPath();
    expect((await failureOf(copyDatabase({ from: openDriver(source), to: inFile(created) }))).code).toBe(
      code,
    );
    expect(beside(created)).toEqual([]);
    const existing = sourceOf("CREATE TABLE mine (x)");
    const before = describeDatabase(existing);
    const failed = copyDatabase({ from: openDriver(source), to: inFile(existing), replace: true });
    expect((await failureOf(failed)).code).toBe(code);
    expect(describeDatabase(existing)).toEqual(before);
  });

  test("whichever statement fails", async () => {
    const source = sourceOf(...richDatabase);
    const target = sourceOf("CREATE TABLE mine (x)");
    const before = describeDatabase(target);
    for (let allowed = 0; ; allowed += 1) {
      const { driver, used } = countingDriver(target, allowed);
      const run = copyDatabase({
        from: openDriver(source),
        to: { kind: "database", driver },
        replace: true,
      });
      const error = await run.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) {
        expect(used()).toBeGreaterThan(40);
        break;
      }
      expect(describeDatabase(target), `after statement ${allowed}`).toEqual(before);
    }
    expect(describeDatabase(target).rows).toEqual(describeDatabase(source).rows);
  });

  test("and says so when it was committed and cannot be read back", async () => {
    const target = sourceOf("CREATE TABLE mine (x)");
    let connections = 0;
    const real = openDriver(target);
    const driver: typeof real = {
      name: "once",
      connect: async (options) => {
        connections += 1;
        if (connections > 1) throw new DriverError("network", "it is gone");
        return await real.connect(options);
      },
    };
    const copy = copyDatabase({
      from: openDriver(sourceOf("CREATE TABLE a (x)")),
      to: { kind: "database", driver },
      replace: true,
    });
    expect(await failureOf(copy)).toMatchObject({ code: "SKM_COMMIT_UNKNOWN", exitCode: 8 });
    expect(readRows(target, "SELECT name FROM sqlite_schema")).toEqual([["a"]]);
  });

  test("when the disk is full", async () => {
    const source = sourceOf("CREATE TABLE a (v)", "INSERT INTO a VALUES (zeroblob(100000))");
    const target = temporaryPath();
    const open = (path: string): Driver => {
      const real = openDriver(path);
      return {
        ...real,
        connect: async (options) => {
          const connection = await real.connect(options);
          await connection.query({ sql: "PRAGMA max_page_count = 5" });
          return connection;
        },
      };
    };
    const error = await failureOf(copyDatabase({ from: openDriver(source), to: inFile(target, open) }));
    expect(error.code).toBe("SKM_DISK_FULL");
    expect(beside(target)).toEqual([]);
    const existing = sourceOf("CREATE TABLE mine (x)");
    const before = describeDatabase(existing);
    const replacing = { from: openDriver(source), to: inFile(existing, open), replace: true };
    expect((await failureOf(copyDatabase(replacing))).code).toBe("SKM_DISK_FULL");
    expect(describeDatabase(existing)).toEqual(before);
  });

  test("when it is cancelled", async () => {
    const source = sourceOf(...richDatabase);
    const target = temporaryPath();
    const controller = new AbortController();
    const error = await failureOf(
      copyDatabase({
        from: openDriver(source),
        to: inFile(target),
        signal: controller.signal,
        onEvent: (event) => {
          if (event.kind === "rows") controller.abort();
        },
      }),
    );
    expect(error.code).toBe("SKM_MIGRATION_ABORTED");
    expect(beside(target)).toEqual([]);
  });

  test("when another file takes the name meanwhile", async () => {
    const source = sourceOf("CREATE TABLE a (x)");
    const target = temporaryPath();
    const error = await failureOf(
      copyDatabase({
        from: openDriver(source),
        to: inFile(target),
        onEvent: (event) => {
          if (event.kind === "start") writeFileSync(target, "somebody's");
        },
      }),
    );
    expect(error.code).toBe("SKM_COPY_TARGET");
    expect(beside(target)).toEqual(["test.db"]);
    expect(statSync(target).size).toBe(10);
  });

  test.each(["-wal", "-journal", "-shm"])("beside a %s of a database that is gone", async (end) => {
    const target = temporaryPath();
    writeFileSync(target + end, "x");
    const error = await failureOf(
      copyDatabase({ from: openDriver(sourceOf("CREATE TABLE a (x)")), to: inFile(target) }),
    );
    expect(error.code).toBe("SKM_COPY_TARGET");
    expect(beside(target)).toEqual([basename(target) + end]);
  });

  test("when its process is killed, as soon as the next one comes by", async () => {
    const source = sourceOf(
      "CREATE TABLE a (v)",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) INSERT INTO a SELECT i FROM n",
    );
    const target = temporaryPath();
    const died = spawnSync(
      process.execPath,
      [
        "--conditions=source",
        "--disable-warning=ExperimentalWarning",
        join(import.meta.dirname, "die-copying.ts"),
        source,
        target,
      ],
      { encoding: "utf8" },
    );
    expect(died.signal, died.stderr).toBe("SIGKILL");
    const foreign = join(dirname(target), ".test.db.copy-other.host-1-abcdef");
    mkdirSync(foreign);
    expect(beside(target)).toEqual([
      basename(foreign),
      expect.stringMatching(/^\.test\.db\.copy-.+-\d+-\w{6}$/),
    ]);
    const left = beside(target).find((name) => name !== basename(foreign));
    await copyDatabase({ from: openDriver(source), to: inFile(target) });
    expect(beside(target)).toEqual([basename(foreign), "test.db"]);
    expect(statSync(target).nlink).toBe(1);
    mkdirSync(join(dirname(target), left ?? ""));
    await copyDatabase({ from: openDriver(source), to: inFile(target), replace: true });
    expect(beside(target)).toEqual([basename(foreign), "test.db"]);
  });

  test("in a directory that does not exist", async () => {
    const target = join(dirname(temporaryPath()), "missing", "x.db");
    const error = await failureOf(
      copyDatabase({ from: openDriver(sourceOf("CREATE TABLE a (x)")), to: inFile(target) }),
    );
    expect(error.code).toBe("SKM_DB_PARENT");
  });

  test("of a source that does not exist", async () => {
    const missing = temporaryPath();
    const target = temporaryPath();
    const error = await failureOf(copyDatabase({ from: openDriver(missing), to: inFile(target) }));
    expect(error.code).toBe("SKM_DB_MISSING");
    expect([existsSync(missing), beside(target)]).toEqual([false, []]);
  });

  test("where the engine keeps no transaction open", async () => {
    const source = sourceOf("CREATE TABLE a (x)");
    const target = temporaryPath();
    for (const [from, open] of [
      [oneBatchDriver(source), openDriver],
      [openDriver(source), oneBatchDriver],
    ] as const) {
      expect((await failureOf(copyDatabase({ from, to: inFile(target, open) }))).code).toBe(
        "SKM_UNSUPPORTED",
      );
    }
    expect(beside(target)).toEqual([]);
  });
});

/** A driver whose transactions fail when more statements than allowed were sent. */
function countingDriver(path: string, allowed: number) {
  const real = openDriver(path);
  let used = 0;
  const driver: typeof real = {
    name: "counting",
    connect: async (options) => {
      const connection = await real.connect(options);
      return {
        ...connection,
        transaction: async (work, unitOptions) =>
          await connection.transaction!(async (tx) => {
            return await work({
              query: async (statement) => {
                if (used === allowed) throw new Error("no more");
                used += 1;
                return await tx.query(statement);
              },
            });
          }, unitOptions),
      };
    },
  };
  return { driver, used: () => used };
}
