import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMigrator, type MigratorOptions, type Revision } from "@skillmeat/migrate-core";
import { failureOf } from "../support/failure-of.ts";
import { chain, revision } from "../support/revisions.ts";
import { dump } from "../support/sqlite-shell.ts";
import {
  execute,
  migratorFor,
  openDriver,
  readRows,
  temporaryPath,
  versions,
} from "../support/temporary-database.ts";

const backupsIn = (path: string): readonly string[] =>
  readdirSync(dirname(path)).filter((name) => name.endsWith(".bak"));

/** A connection of another program, which stays open. */
function openElsewhere(path: string): Database.Database {
  const database = new Database(path);
  onTestFinished(() => void database.close());
  return database;
}

/** What a process leaves that is killed in a transaction: pages in the file, and what undoes them in the journal. */
function copyInTransaction(path: string, target: string): void {
  const database = new Database(path);
  database.exec("PRAGMA cache_size = 5; PRAGMA journal_mode = delete; BEGIN; CREATE TABLE large (x)");
  const insert = database.prepare("INSERT INTO large VALUES (zeroblob(3000))");
  for (let row = 0; row < 200; row += 1) insert.run();
  for (const end of ["", "-journal"]) copyFileSync(path + end, target + end);
  database.exec("ROLLBACK");
  database.close();
}

async function makeDatabase(): Promise<string> {
  const path = temporaryPath();
  await migratorFor(path, chain()).upgrade("b");
  execute(path, "INSERT INTO a VALUES (10), (20); PRAGMA user_version = 7");
  return path;
}

describe("a backup", () => {
  test("is the database, with what is only in its log, for this user only", async () => {
    const path = await makeDatabase();
    const other = openElsewhere(path);
    other.pragma("journal_mode = wal");
    other.exec("INSERT INTO a VALUES (30)");
    const result = await migratorFor(path, chain()).backup();
    expect(result).toMatchObject({ heads: ["b"], removed: [], bytes: statSync(result.path).size });
    expect(basename(result.path)).toMatch(/^test\.db\.b\.\d{8}T\d{6}Z\.[0-9a-f]{8}\.bak$/);
    expect(dirname(result.path)).toBe(dirname(path));
    expect(statSync(result.path).mode & 0o777).toBe(0o600);
    expect(dump(result.path)).toBe(dump(path));
    expect(readRows(result.path, "PRAGMA user_version")).toEqual([[7]]);
    expect(readdirSync(dirname(path)).filter((name) => name.includes(".copy-"))).toEqual([]);
  });

  test("may be given a name, and overwrites nothing", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, chain());
    const named = join(dirname(path), "named.db");
    expect((await migrator.backup({ path: named })).path).toBe(named);
    expect((await failureOf(migrator.backup({ path: named }))).code).toBe("SKM_BACKUP");
    expect((await failureOf(migrator.backup({ path }))).code).toBe("SKM_BACKUP");
  });

  test("clears away the oldest of its kind and nothing else", async () => {
    const path = await makeDatabase();
    const directory = join(dirname(path), "backups");
    mkdirSync(directory);
    const others = [
      "test.db.other.bak",
      "test.bak",
      "x.db.b.20200101T000000Z.00000000.bak",
      "test.db.more.b.20200101T000000Z.00000000.bak",
    ];
    for (const name of others) writeFileSync(join(directory, name), "");
    const old = join(directory, "test.db.a+z.20200101T000000Z.00000000.bak");
    const older = join(directory, "test.db.base.20190101T000000Z.00000000.bak");
    for (const name of [old, older]) writeFileSync(name, "");
    const first = await migratorFor(path, chain()).backup({ directory, keep: 2 });
    expect(first.removed).toEqual([older]);
    expect(readdirSync(directory).toSorted()).toEqual(
      [...others, basename(old), basename(first.path)].toSorted(),
    );
  });

  test("clears away files only", async () => {
    const path = await makeDatabase();
    const directory = join(dirname(path), "test.db.base.20190101T000000Z.00000000.bak");
    mkdirSync(directory);
    expect((await migratorFor(path, chain()).backup({ keep: 1 })).removed).toEqual([]);
    expect(existsSync(directory)).toBe(true);
  });

  test.each([0, -1, 1.5, Number.NaN])("keep cannot be %d", async (keep) => {
    const path = await makeDatabase();
    expect(await failureOf(migratorFor(path, chain()).backup({ keep }))).toBeInstanceOf(TypeError);
  });

  test("needs a database, which is a file", async () => {
    const missing = temporaryPath();
    expect((await failureOf(migratorFor(missing, chain()).backup())).code).toBe("SKM_DB_MISSING");
    expect(existsSync(missing)).toBe(false);
    const memory = createMigrator({ driver: openDriver(":memory:"), revisions: chain() });
    expect((await failureOf(memory.backup())).code).toBe("SKM_UNSUPPORTED");
    await memory.close();
  });

  test("of a database in the middle of a crashed transaction says what to do before", async () => {
    const path = await makeDatabase();
    const crashed = join(dirname(path), "crashed.db");
    copyInTransaction(path, crashed);
    const error = await failureOf(migratorFor(crashed, chain()).backup());
    expect([error.code, error.details["reason"]]).toEqual(["SKM_DB_READONLY", "crashed-writer"]);
    expect(error.hint).toMatch(/a backup only reads.*then make the backup/);
    expect(error.hint).not.toContain("upgrade");
    execute(crashed, "SELECT count(*) FROM a");
    expect((await migratorFor(crashed, chain()).backup()).heads).toEqual(["b"]);
  });

  test("of a damaged database is not kept", async () => {
    const path = await makeDatabase();
    const database = new Database(path);
    database.unsafeMode(true);
    database.pragma("writable_schema = ON");
    database.exec(
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE a (id INTEGER PRIMARY KEY NOT NULL, b NOT NULL)' WHERE name = 'a'",
    );
    database.close();
    expect((await failureOf(migratorFor(path, chain()).backup())).code).toBe("SKM_BACKUP");
    expect(backupsIn(path)).toEqual([]);
  });
});

describe("restoring", () => {
  test("brings everything back, while another program has the database open", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, chain());
    const saved = await migrator.backup();
    const before = dump(path);
    const other = openElsewhere(path);
    other.pragma("journal_mode = wal");
    other.exec("DELETE FROM a; DROP TABLE b; CREATE TABLE later (x); PRAGMA user_version = 8");
    const result = await migrator.restore(saved.path);
    expect(result).toMatchObject({ heads: ["b"], rows: 3 });
    expect(dump(path)).toBe(before);
    expect(other.prepare("SELECT id FROM a").pluck().all()).toEqual([10, 20]);
    expect(other.pragma("user_version", { simple: true })).toBe(7);
    expect(other.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(readRows(result.replaced ?? "", "SELECT name FROM sqlite_schema WHERE name = 'later'")).toEqual([
      ["later"],
    ]);
  });

  test("brings back a database that held nothing", async () => {
    const path = temporaryPath();
    execute(path, "PRAGMA user_version = 3");
    const saved = await migratorFor(path, chain()).backup();
    await migratorFor(path, chain()).upgrade("b");
    expect(await migratorFor(path, chain()).restore(saved.path)).toMatchObject({ heads: [], tables: 0 });
    expect(readRows(path, "SELECT name FROM sqlite_schema")).toEqual([]);
    expect(readRows(path, "PRAGMA user_version")).toEqual([[3]]);
  });

  test("spares the backup that it restores, however many there are", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, chain());
    const saved = await migrator.backup({ keep: 1 });
    await migrator.restore(saved.path, { keep: 1 });
    expect(existsSync(saved.path)).toBe(true);
    expect(backupsIn(path)).toHaveLength(2);
  });

  test("spares it also under another name of its directory or of itself", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, chain());
    const saved = await migrator.backup({ keep: 1 });
    const [directory, file] = [`${temporaryPath()}-directory`, `${temporaryPath()}-file`];
    symlinkSync(dirname(path), directory);
    symlinkSync(saved.path, file);
    for (const name of [join(directory, basename(saved.path)), file]) {
      await migrator.restore(name, { keep: 1 });
      expect(existsSync(saved.path)).toBe(true);
    }
  });

  test("makes a database that is missing, whatever log its predecessor left", async () => {
    const path = await makeDatabase();
    const saved = await migratorFor(path, chain()).backup();
    const target = join(dirname(path), "new.db");
    writeFileSync(`${target}-wal`, "left over");
    const result = await migratorFor(target, chain()).restore(saved.path);
    expect(result.replaced).toBe(null);
    expect(dump(target)).toBe(dump(path));
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  test("touches nothing where the backup is damaged, missing or no database", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, chain());
    const before = dump(path);
    const inFolder = (name: string): string => join(dirname(path), name);
    const [damaged, text, empty] = [inFolder("damaged.db"), inFolder("text.db"), inFolder("empty.db")];
    await migrator.backup({ path: damaged });
    const database = new Database(damaged);
    database.unsafeMode(true);
    database.pragma("writable_schema = ON");
    database.exec(
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE a (id INTEGER PRIMARY KEY NOT NULL, b NOT NULL)' WHERE name = 'a'",
    );
    database.close();
    writeFileSync(empty, "");
    writeFileSync(text, "no database, but long enough to have a header".repeat(20));
    expect((await failureOf(migrator.restore(damaged))).code).toBe("SKM_BACKUP");
    expect((await failureOf(migrator.restore(empty))).code).toBe("SKM_BACKUP");
    expect((await failureOf(migrator.restore(text))).code).toBe("SKM_DB_NOT_A_DB");
    expect((await failureOf(migrator.restore(join(dirname(path), "none.db")))).code).toBe("SKM_DB_MISSING");
    expect((await failureOf(migrator.restore(path))).code).toBe("SKM_COPY_TARGET");
    expect(dump(path)).toBe(before);
  });

  test("replaces what a crashed transaction left, and refuses a backup that is such a copy", async () => {
    const path = await makeDatabase();
    const saved = await migratorFor(path, chain()).backup();
    const crashed = join(dirname(path), "crashed.db");
    copyInTransaction(path, crashed);
    const error = await failureOf(migratorFor(path, chain()).restore(crashed));
    expect([error.code, error.details["reason"]]).toEqual(["SKM_DB_READONLY", "crashed-writer"]);
    expect(error.hint).toContain("open it once with `sqlite3`");
    const { replaced } = await migratorFor(crashed, chain()).restore(saved.path);
    expect(dump(crashed)).toBe(dump(path));
    expect(dump(replaced ?? "")).toBe(dump(path));
  });

  test("waits for another writer, and gives up without a change", async () => {
    const path = await makeDatabase();
    const saved = await migratorFor(path, chain()).backup();
    const other = openElsewhere(path);
    other.exec("BEGIN IMMEDIATE; DELETE FROM a");
    const migrator = migratorFor(path, chain(), { waitMs: 50 });
    expect((await failureOf(migrator.restore(saved.path))).code).toBe("SKM_BUSY");
    other.exec("COMMIT");
    expect(readRows(path, "SELECT count(*) FROM a")).toEqual([[0]]);
  });

  test("clears older backups away only once it has succeeded", async () => {
    const path = await makeDatabase();
    const older = [await migratorFor(path, chain()).backup(), await migratorFor(path, chain()).backup()];
    const source = join(dirname(path), "source.db");
    await migratorFor(path, chain()).backup({ path: source });
    const other = openElsewhere(path);
    other.exec("BEGIN IMMEDIATE");
    const migrator = migratorFor(path, chain(), { waitMs: 50 });
    expect((await failureOf(migrator.restore(source, { keep: 1 }))).code).toBe("SKM_BUSY");
    expect(older.filter(({ path: file }) => !existsSync(file))).toEqual([]);
    other.exec("COMMIT");
    const { replaced, removed } = await migrator.restore(source, { keep: 1 });
    expect(removed).toEqual(expect.arrayContaining(older.map(({ path: file }) => file)));
    expect(backupsIn(path)).toEqual([basename(replaced ?? "")]);
  });
});

describe("an upgrade with a backup", () => {
  const failing: readonly Revision[] = [
    ...chain(),
    revision("d", "c", { upgrade: (op) => op.execute("INSERT INTO absent VALUES (1)") }),
  ];

  test("makes it before the first pending revision, and not where nothing is to do", async () => {
    const path = await makeDatabase();
    const events: unknown[] = [];
    const migrator = migratorFor(path, chain(), {
      onEvent: (event) => {
        if (event.kind === "backup" || event.kind === "step-start") events.push(event.kind);
      },
    });
    await migrator.upgrade("head", { backup: true });
    await migrator.upgrade("head", { backup: true });
    expect(events).toEqual(["backup", "step-start"]);
    const [name = ""] = backupsIn(path);
    expect(versions(join(dirname(path), name))).toEqual(["b"]);
  });

  test("is not pushed out by runs that fail again and again", async () => {
    const path = await makeDatabase();
    const older = await migratorFor(path, chain()).backup();
    execute(path, "INSERT INTO a VALUES (30)");
    const events: unknown[] = [];
    const options: Partial<MigratorOptions> = {
      onEvent: (event) => {
        if (event.kind === "backup") events.push(event.reused);
        if (event.kind === "backup-deleted") events.push(event.path);
      },
    };
    const fail = async (keep: number) =>
      await failureOf(migratorFor(path, failing, options).upgrade("head", { backup: { keep } }));
    await fail(2);
    const first = backupsIn(path);
    expect(first).toHaveLength(2);
    // The same state again, then others.
    await fail(2);
    expect(backupsIn(path)).toEqual(first);
    for (const id of [40, 50, 60]) {
      execute(path, `INSERT INTO a VALUES (${id})`);
      await fail(2);
      expect(backupsIn(path)).toEqual(first);
    }
    expect(events.slice(0, 2)).toEqual([false, true]);
    expect(events.slice(2)).toEqual([40, 50, 60].flatMap(() => [false, expect.any(String) as unknown]));
    await migratorFor(path, chain(), options).upgrade("head", { backup: { keep: 2 } });
    expect([existsSync(older.path), backupsIn(path).length]).toEqual([false, 2]);
    expect(events.at(-1)).toBe(older.path);
  });

  test("is used again where it was restored after a run that fails again and again", async () => {
    const path = await makeDatabase();
    const fail = async () =>
      await failureOf(
        migratorFor(path, failing, { transactionPer: "revision" }).upgrade("head", { backup: true }),
      );
    for (let round = 0; round < 4; round += 1) expect((await fail()).details["restored"]).toBe(true);
    expect(backupsIn(path)).toHaveLength(1);
    execute(path, "UPDATE a SET id = 11 WHERE id = 10");
    await fail();
    expect(backupsIn(path)).toHaveLength(2);
  });

  test("stays with the older ones where another program wrote while the run failed", async () => {
    const path = await makeDatabase();
    const older = await migratorFor(path, chain()).backup();
    execute(path, "INSERT INTO a VALUES (30)");
    const migrator = migratorFor(path, failing, {
      onEvent: (event) => {
        if (event.kind === "run-start") execute(path, "INSERT INTO a VALUES (31)");
      },
    });
    await failureOf(migrator.upgrade("head", { backup: { keep: 1 } }));
    expect([existsSync(older.path), backupsIn(path).length]).toEqual([true, 2]);
  });

  test("comes before a downgrade too, and leads back", async () => {
    const path = await makeDatabase();
    const before = dump(path);
    const migrator = migratorFor(path, chain());
    await migrator.downgrade("b", { backup: true });
    expect(backupsIn(path)).toEqual([]);
    await migrator.downgrade("base", { backup: true });
    const [name = ""] = backupsIn(path);
    await migrator.restore(join(dirname(path), name));
    expect(dump(path)).toBe(before);
  });

  test("of a database that does not exist makes none", async () => {
    const path = temporaryPath();
    await migratorFor(path, chain()).upgrade("head", { backup: true });
    expect(backupsIn(path)).toEqual([]);
  });

  test("does not begin where no backup can be made", async () => {
    const path = await makeDatabase();
    writeFileSync(join(dirname(path), "file"), "");
    const migrator = migratorFor(path, chain());
    const directory = join(dirname(path), "file", "backups");
    await failureOf(migrator.upgrade("head", { backup: { directory } }));
    expect(versions(path)).toEqual(["b"]);
  });

  test("restores it where a part was committed", async () => {
    const path = await makeDatabase();
    const before = dump(path);
    const error = await failureOf(
      migratorFor(path, failing, { transactionPer: "revision" }).upgrade("head", { backup: true }),
    );
    expect(error).toMatchObject({ code: "SKM_MIGRATION_FAILED", exitCode: 7, details: { restored: true } });
    expect(dump(path)).toBe(before);
  });

  test("leaves it alone where the run was rolled back", async () => {
    const path = await makeDatabase();
    const error = await failureOf(migratorFor(path, failing).upgrade("head", { backup: true }));
    expect([error.exitCode, error.details["restored"]]).toEqual([7, undefined]);
    expect(versions(path)).toEqual(["b"]);
  });

  test("does not restore over what another program has written since", async () => {
    const path = await makeDatabase();
    const migrator = migratorFor(path, failing, {
      transactionPer: "revision",
      onEvent: (event) => {
        if (event.kind === "commit") execute(path, "INSERT INTO a VALUES (99)");
      },
    });
    const error = await failureOf(migrator.upgrade("head", { backup: true }));
    expect(error).toMatchObject({ exitCode: 8, details: { restored: false } });
    expect(error.hint).toContain("restore ");
    expect(versions(path)).toEqual(["c"]);
    expect(readRows(path, "SELECT count(*) FROM a WHERE id = 99")).toEqual([[1]]);
  });
});
