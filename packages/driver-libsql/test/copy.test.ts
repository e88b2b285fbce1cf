import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { copyDatabase, type CopyOptions, type CopyTarget, type Driver } from "@skillmeat/migrate-core";
import type { Executor } from "@skillmeat/migrate-core/driver";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { describeDatabase } from "../../../tools/src/describe-database.ts";
import { richDatabase } from "../../../tools/src/rich-database.ts";
import { libsql } from "../src/index.ts";
import { describeWithServer, readValues } from "./support/databases.ts";

function temporaryPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "skm-copy-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "test.db");
}

function sourceOf(...statements: readonly string[]): string {
  const path = temporaryPath();
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(statements.join(";\n"));
  database.close();
  return path;
}

const inFile = (path: string): CopyTarget => ({
  kind: "file",
  path,
  open: (place) => betterSqlite3({ path: place }),
});
const inDatabase = (driver: Driver): CopyTarget => ({ kind: "database", driver });

async function codeOf(options: CopyOptions): Promise<unknown> {
  return await copyDatabase(options).then(
    () => "done",
    (error: unknown) => (error as { readonly code: unknown }).code,
  );
}

describeWithServer("a copy on a server", (server) => {
  const fresh = async () => ({
    url: `http://${server().host}`,
    namespace: await server().createNamespace(),
  });

  test("has everything, there and back again", async () => {
    const source = sourceOf(...richDatabase, "PRAGMA application_id = 7", "ANALYZE");
    const remote = await fresh();
    const there = await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(remote)) });
    expect(there.skipped).toEqual(["application_id 7", "statistics of ANALYZE"]);
    const target = temporaryPath();
    const back = await copyDatabase({ from: libsql(remote), to: inFile(target) });
    expect(back).toMatchObject({ rows: there.rows, skipped: [] });
    const { settings, statistics: _statistics, ...copied } = describeDatabase(target);
    const { settings: original, statistics: _lost, ...expected } = describeDatabase(source);
    expect(copied).toEqual(expected);
    expect(settings).toEqual({ ...original, application_id: "0" });
  });

  test.each(["delete", "wal"])("of a file made by libSQL is the same, journal %s", async (mode) => {
    const source = sourceOf(`PRAGMA journal_mode = ${mode}`, ...richDatabase);
    const target = temporaryPath();
    await copyDatabase({
      from: libsql({ url: source }),
      to: { kind: "file", path: target, open: (path) => libsql({ url: path }) },
    });
    expect(describeDatabase(target)).toEqual(describeDatabase(source));
  });

  test("goes from one server database to another", async () => {
    const [one, other] = [await fresh(), await fresh()];
    const source = sourceOf("CREATE TABLE a (x)", "INSERT INTO a VALUES (1), ('two'), (3.0)");
    await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(one)) });
    await copyDatabase({ from: libsql(one), to: inDatabase(libsql(other)) });
    expect(await readValues(other, "SELECT x, typeof(x) FROM a")).toEqual([
      1,
      "integer",
      "two",
      "text",
      3,
      "real",
    ]);
  });

  test("sends many rows in few requests", async () => {
    const source = sourceOf(
      "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT)",
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) INSERT INTO a SELECT i, 'row ' || i FROM n",
    );
    let requests = 0;
    const remote = {
      ...(await fresh()),
      fetch: async (url: string, init: RequestInit) => {
        requests += 1;
        return await fetch(url, init);
      },
    };
    await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(remote)) });
    expect(requests).toBeLessThan(25);
    expect(await readValues(remote, "SELECT count(*), sum(id) FROM a")).toEqual([20_000, 200_010_000]);
    requests = 0;
    await copyDatabase({ from: libsql(remote), to: inFile(temporaryPath()) });
    expect(requests).toBeLessThan(30);
  });

  test("is refused where the database holds anything, and replaces it when told", async () => {
    const remote = await fresh();
    const first = sourceOf("CREATE TABLE a (x)", "INSERT INTO a VALUES (1)");
    const second = sourceOf(
      "CREATE TABLE b (x)",
      "CREATE VIEW v AS SELECT * FROM b",
      "INSERT INTO b VALUES (2)",
    );
    const to = inDatabase(libsql(remote));
    await copyDatabase({ from: betterSqlite3(first), to });
    expect(await codeOf({ from: betterSqlite3(second), to })).toBe("SKM_COPY_TARGET");
    expect(await readValues(remote, "SELECT name FROM sqlite_schema")).toEqual(["a"]);
    const result = await copyDatabase({ from: betterSqlite3(second), to, replace: true });
    expect(result.replaced).toBe(true);
    expect(await readValues(remote, "SELECT name FROM sqlite_schema ORDER BY 1")).toEqual(["b", "v"]);
  });

  test("is the server at one moment, whoever writes meanwhile", async () => {
    const remote = await fresh();
    const source = sourceOf("CREATE TABLE a (x)", "CREATE TABLE b (x)", "INSERT INTO a VALUES (1)");
    await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(remote)) });
    const writer = await libsql(remote).connect();
    onTestFinished(async () => await writer.close());
    const target = temporaryPath();
    let writing: Promise<unknown> | undefined;
    const slow = libsql({
      ...remote,
      fetch: async (url: string, init: RequestInit) => {
        const answer = await fetch(url, init);
        // The first request took the snapshot.
        writing ??= writer.query({ sql: "INSERT INTO b SELECT x FROM a" });
        await writing;
        return answer;
      },
    });
    await copyDatabase({ from: slow, to: inFile(target) });
    expect(describeDatabase(target).rows).toEqual({ a: ["integer 31|integer 31"], b: [] });
    expect(await readValues(remote, "SELECT count(*) FROM b")).toEqual([1]);
  });

  describe("through a broken network", () => {
    test("is there or not, whichever request is cut", async () => {
      const source = sourceOf("CREATE TABLE a (x)", "INSERT INTO a VALUES (1)", "CREATE INDEX i ON a (x)");
      const outcomes: unknown[] = [];
      for (let cut = 0; ; cut += 1) {
        const remote = await fresh();
        const outcome = await codeOf({
          from: betterSqlite3(source),
          to: inDatabase(libsql({ ...remote, fetch: cuttingFetch(cut) })),
        });
        const found = await readValues(remote, "SELECT name FROM sqlite_schema ORDER BY 1");
        // Answers are lost after the server has done the work: only COMMIT can have taken effect.
        expect([[], ["a", "i"]], `cut at ${cut}`).toContainEqual(found);
        if (outcome === "done") expect(found, `cut at ${cut}`).toEqual(["a", "i"]);
        if (outcome === "SKM_REMOTE_NETWORK") expect(found, `cut at ${cut}`).toEqual([]);
        outcomes.push(outcome);
        if (found.length > 0 && outcomes.slice(-3).join() === "done,done,done") break;
      }
      // Requests before COMMIT, COMMIT itself, what reads it back, and no cut at all.
      expect([...new Set(outcomes)]).toEqual(["SKM_REMOTE_NETWORK", "done", "SKM_COMMIT_UNKNOWN"]);
    });

    test("says of a COMMIT that never arrived that it did nothing, also where the old rows look like the new", async () => {
      const remote = await fresh();
      const tables = ["CREATE TABLE a (x)", "CREATE INDEX i ON a (x)"];
      const to = inDatabase(libsql(remote));
      await copyDatabase({ from: betterSqlite3(sourceOf(...tables, "INSERT INTO a VALUES ('old')")), to });
      let isCut = false;
      const cut = libsql({
        ...remote,
        fetch: async (url: string, init: RequestInit) => {
          const isCommit = typeof init.body === "string" && /^\{"baton":".*"COMMIT"/s.test(init.body);
          if (!isCommit || isCut) return await fetch(url, init);
          isCut = true;
          throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
        },
      });
      const newer = sourceOf(...tables, "INSERT INTO a VALUES ('new')");
      expect(await codeOf({ from: betterSqlite3(newer), to: inDatabase(cut), replace: true })).toBe(
        "SKM_REMOTE_NETWORK",
      );
      expect(await readValues(remote, "SELECT x FROM a")).toEqual(["old"]);
    });

    test("does not know what a COMMIT did whose target another program has changed since", async () => {
      const remote = await fresh();
      const tables = ["CREATE TABLE a (x)", "CREATE INDEX i ON a (x)"];
      const readVersion = async (): Promise<number> =>
        Number((await readValues(remote, "SELECT schema_version FROM pragma_schema_version"))[0]);
      const whole = {
        from: betterSqlite3(sourceOf(...tables)),
        to: inDatabase(libsql(remote)),
        replace: true,
      };
      await copyDatabase(whole);
      const before = await readVersion();
      await copyDatabase(whole);
      const changes = (await readVersion()) - before;
      let isCut = false;
      const cut = libsql({
        ...remote,
        fetch: async (url: string, init: RequestInit) => {
          const isCommit = typeof init.body === "string" && /^\{"baton":".*"COMMIT"/s.test(init.body);
          if (!isCommit || isCut) return await fetch(url, init);
          isCut = true;
          const other = await libsql(remote).connect();
          // As many changes of the schema as the copy makes.
          const names = Array.from({ length: changes }, (_, index) => `t${index}`);
          await other.unit(names.map((name) => ({ sql: `CREATE TABLE ${name} (a)` })));
          await other.close();
          throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
        },
      });
      const options = { from: betterSqlite3(sourceOf(...tables)), to: inDatabase(cut), replace: true };
      expect(await codeOf(options)).toBe("SKM_COMMIT_UNKNOWN");
      expect(isCut).toBe(true);
    });

    test("needs the snapshot no longer than there are rows to read", async () => {
      const remote = await fresh();
      const source = sourceOf("CREATE TABLE a (x)", "CREATE INDEX i ON a (x)", "INSERT INTO a VALUES (1)");
      await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(remote)) });
      let isEnded = false;
      const from = libsql({
        ...remote,
        fetch: async (url: string, init: RequestInit) => {
          // What is not closed by now would be ended by the server, while the index is built.
          if (isEnded) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
          return await fetch(url, init);
        },
      });
      const target = temporaryPath();
      const file = inFile(target);
      if (file.kind !== "file") throw new Error("it is a file");
      const slow: CopyTarget = {
        ...file,
        open: (path) => onStatement(file.open(path), /^CREATE INDEX/, () => (isEnded = true)),
      };
      expect(await codeOf({ from, to: slow })).toBe("done");
      expect(isEnded).toBe(true);
      expect(describeDatabase(target).rows).toEqual(describeDatabase(source).rows);
    });

    test("from a server leaves no file behind", async () => {
      const remote = await fresh();
      const source = sourceOf(...richDatabase);
      await copyDatabase({ from: betterSqlite3(source), to: inDatabase(libsql(remote)) });
      for (const cut of [0, 3, 12, 20, 30]) {
        const target = temporaryPath();
        const outcome = await codeOf({
          from: libsql({ ...remote, fetch: cuttingFetch(cut) }),
          to: inFile(target),
        });
        expect([outcome, readdirSync(join(target, ".."))]).toEqual(["SKM_REMOTE_NETWORK", []]);
      }
    });
  });
});

/** Does something before a statement of a transaction runs. */
function onStatement(driver: Driver, pattern: RegExp, act: () => void): Driver {
  return {
    ...driver,
    connect: async (options) => {
      const connection = await driver.connect(options);
      const watched = (tx: Executor): Executor => ({
        query: async (statement) => {
          if (pattern.test(statement.sql)) act();
          return await tx.query(statement);
        },
      });
      return {
        ...connection,
        transaction: async (work, unitOptions) => {
          if (connection.transaction === undefined) throw new Error("it has transactions");
          return await connection.transaction(async (tx) => await work(watched(tx)), unitOptions);
        },
      };
    },
  };
}

/** Loses the answer to one request, by its number. */
function cuttingFetch(cut: number) {
  let count = 0;
  return async (url: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(url, init);
    count += 1;
    if (count - 1 !== cut) return answer;
    await answer.body?.cancel();
    throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
  };
}
