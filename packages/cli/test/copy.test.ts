import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokenIssuer } from "../../../tools/src/sqld/access-token.ts";
import { describeWithSqld, startSqld, type SqldServer } from "../../../tools/src/sqld/sqld-server.ts";
import { describeDatabase } from "../../../tools/src/describe-database.ts";
import type { Config } from "../src/config/config.ts";
import { chooseCopy } from "../src/database/choose-copy.ts";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

async function directoryWithCache(): Promise<string> {
  const cwd = temporaryDirectory();
  expect(await runInProcess(["upgrade", "-q", "--url", "app.db"], { cwd })).toMatchObject({ exit: 0 });
  return cwd;
}

describe("copy", () => {
  test("makes a new file with the same content, and says how much it was", async () => {
    const cwd = await directoryWithCache();
    const run = await runInProcess(["copy", "app.db", "file:copy.db"], { cwd });
    expect(run.exit).toBe(0);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/^\S+\/copy\.db: copied 6 tables with 2 rows from \S+\/app\.db in \d+ m?s\n$/);
    expect(describeDatabase(join(cwd, "copy.db"))).toEqual(describeDatabase(join(cwd, "app.db")));
    expect(readdirSync(cwd).toSorted()).toEqual(["app.db", "copy.db"]);
    expect(await runInProcess(["check", "--url", "copy.db"], { cwd })).toMatchObject({ exit: 0 });
  });

  test("refuses a target that holds something, with exit code 9, and replaces it when told", async () => {
    const cwd = await directoryWithCache();
    await runInProcess(["copy", "app.db", "copy.db"], { cwd });
    const refused = await runInProcess(["copy", "app.db", "copy.db"], { cwd });
    expect(refused.exit).toBe(9);
    expect(refused.stderr).toContain("error SKM_COPY_TARGET: refusing to copy: the target holds ");
    const replaced = await runInProcess(["copy", "app.db", "copy.db", "--replace"], { cwd });
    expect(replaced.exit).toBe(0);
    expect(replaced.stderr).toContain(", in place of what was there\n");
  });

  test("describes the copy as a document", async () => {
    const cwd = await directoryWithCache();
    const { stdout } = await runInProcess(["copy", "app.db", "copy.db", "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      command: "copy",
      from: join(cwd, "app.db"),
      to: join(cwd, "copy.db"),
      replaced: false,
      rows: 2,
      tables: expect.arrayContaining([{ name: "alembic_version", rows: 1 }]),
      skipped: [],
      leftOut: [],
    });
  });

  test("names the tables that it leaves where they are", async () => {
    const cwd = temporaryDirectory();
    const source = new DatabaseSync(join(cwd, "app.db"));
    source.exec("CREATE TABLE _cf_notes (a)");
    source.close();
    const { stderr } = await runInProcess(["copy", "app.db", "copy.db"], { cwd });
    expect(stderr).toContain('engines keep names like this for themselves: table "_cf_notes"\n');
  });

  test("does not empty a database by mistake", async () => {
    const cwd = await directoryWithCache();
    writeFileSync(join(cwd, "typo.db"), "");
    const run = await runInProcess(["copy", "typo.db", "app.db", "--replace"], { cwd });
    expect(run).toMatchObject({ exit: 9, stderr: expect.stringContaining("the source holds nothing") });
    expect(await runInProcess(["check", "--url", "app.db"], { cwd })).toMatchObject({ exit: 0 });
  });

  test("says with -v which drivers it uses, and every table", async () => {
    const cwd = await directoryWithCache();
    const { stderr } = await runInProcess(["copy", "app.db", "copy.db", "-v", "--driver", "node-sqlite"], {
      cwd,
    });
    expect(stderr).toContain(`${join(cwd, "copy.db")}: driver: node-sqlite with SQLite `);
    expect(stderr).toContain("  alembic_version: 1 of 1 rows (100 %)\n");
    expect(stderr).toContain("compared definitions and numbers of rows, and read the copy back\n");
  });

  test("draws how far it is where a line can be written over", async () => {
    const cwd = await directoryWithCache();
    let time = 0;
    const { stderr } = await runInProcess(["copy", "app.db", "copy.db"], {
      cwd,
      now: () => (time += 150),
      terminal: { isInteractive: true, canRedraw: true },
    });
    expect(stderr).toContain("  alembic_version: 1 of 1 rows (100 %)\r");
  });

  test.each<[argv: readonly string[], exit: number, message: string]>([
    [["copy"], 2, 'the command "copy" needs 2 URLs: skillmeat-migrate copy <from-url> <to-url>'],
    [["copy", "app.db"], 2, 'the command "copy" needs 2 URLs'],
    [["copy", "app.db", "b", "c"], 2, 'unexpected argument "c" after "copy"'],
    [["copy", "app.db", ":memory:"], 2, "a database in memory cannot be copied"],
    [["copy", "app.db", "b", "--url", "c"], 2, 'option --url does not belong to the command "copy"'],
    [["copy", "app.db", "./app.db", "--replace"], 9, "source and target are the same file"],
    [["copy", "missing.db", "b.db"], 5, "it does not exist"],
    [["copy", "app.db", "no/b.db"], 5, "is not a directory that exists"],
    [["copy", "note.txt", "b.db"], 5, "it is not an SQLite database"],
    [["copy", "http://127.0.0.1:1/", "http://127.0.0.1:1"], 9, "source and target are the same database"],
    [["copy", "app.db", "http://elsewhere.example"], 10, "refusing a connection without TLS"],
  ])("%j ends with %i", async (argv, exit, message) => {
    const cwd = await directoryWithCache();
    writeFileSync(join(cwd, "note.txt"), "This is a text and no database. ".repeat(40));
    const run = await runInProcess(argv, { cwd });
    expect(run.stderr).toContain(message);
    expect(run.exit).toBe(exit);
    expect(readdirSync(cwd).toSorted()).toEqual(["app.db", "note.txt"]);
  });
});

describe("the tokens of two servers", () => {
  const choose = (
    from: string,
    to: string,
    env: Readonly<Record<string, string>>,
    config?: Omit<Config, "x">,
  ) => {
    const loaded =
      config === undefined ? undefined : { file: "/c.json", isFunction: false, config: { x: {}, ...config } };
    const driver = config?.driver === undefined ? "node-sqlite" : undefined;
    const choice = chooseCopy({ env, cwd: "/", from, to, driver, loaded });
    return [choice.from, choice.to].map((place) =>
      place.kind === "remote" ? place.remote.authToken : place.driver,
    );
  };

  test.each<[from: string, to: string, env: Readonly<Record<string, string>>, expected: readonly unknown[]]>([
    ["a.db", "libsql://h", { TURSO_AUTH_TOKEN: "t" }, ["node-sqlite", "t"]],
    ["libsql://a?authToken=one", "libsql://b?authToken=two", {}, ["one", "two"]],
    [
      "libsql://a?authToken=one",
      "libsql://b",
      { TURSO_DATABASE_URL: "libsql://b", TURSO_AUTH_TOKEN: "two" },
      ["one", "two"],
    ],
    [
      "libsql://a",
      "libsql://b",
      { TURSO_DATABASE_URL: "libsql://b", TURSO_AUTH_TOKEN: "two" },
      [undefined, "two"],
    ],
  ])("%s to %s", (from, to, env, expected) => {
    expect(choose(from, to, env)).toEqual(expected);
  });

  test.each<[from: string, to: string, config: Omit<Config, "x">, expected: readonly unknown[]]>([
    ["a.db", "libsql://h", { authToken: "t" }, ["node-sqlite", "t"]],
    ["libsql://a", "libsql://b", { url: "https://B/", authToken: "t" }, [undefined, "t"]],
    ["libsql://a", "b.db", { url: "libsql://b", authToken: "t" }, [undefined, "node-sqlite"]],
    [
      "a.db",
      "libsql://h",
      { driver: "better-sqlite3", url: "c.db", authToken: "t" },
      ["better-sqlite3", "t"],
    ],
    ["a.db", "http://elsewhere.example", { allowInsecure: true }, ["node-sqlite", undefined]],
  ])("%s to %s, with a configuration", (from, to, config, expected) => {
    expect(choose(from, to, {}, config)).toEqual(expected);
  });

  test.each<[env: Readonly<Record<string, string>>, config: Omit<Config, "x">]>([
    [{ SKILLMEAT_AUTH_TOKEN: "t" }, {}],
    [{}, { authToken: "t" }],
  ])("are not one and the same, of %j %j", (env, config) => {
    expect(() => choose("libsql://a", "libsql://b", env, config)).toThrowError(
      expect.objectContaining({ code: "SKM_USAGE" }),
    );
  });

  test.each([
    ["libsql://a.example", "https://a.example/"],
    ["libsql://A.example:443", "wss://a.example"],
    ["libsql://localhost:80?tls=0", "http://localhost"],
  ])("lead to one database: %s and %s", (from, to) => {
    expect(() => choose(from, to, {})).toThrowError(expect.objectContaining({ code: "SKM_COPY_TARGET" }));
  });

  test("a file is laid out as its source, and not as a configuration says", () => {
    const config = { x: {}, journalMode: "wal" } as const;
    const loaded = { file: "/c.json", isFunction: false, config };
    const { to } = chooseCopy({ env: {}, cwd: "/", from: "a.db", to: "b.db", driver: undefined, loaded });
    expect(to).toMatchObject({ kind: "file", journalMode: undefined });
  });
});

describeWithSqld("copy with a server", () => {
  const issuer = createTokenIssuer();
  let server: SqldServer | undefined;
  beforeAll(async () => {
    server = await startSqld({ single: true, publicKey: issuer.publicKey });
  });
  afterAll(async () => await server?.dispose());

  test("goes there and back, and needs a token that may write for there only", async () => {
    const cwd = await directoryWithCache();
    const url = `http://${server?.host}`;
    const readOnly = { TURSO_AUTH_TOKEN: issuer.token({ a: "ro" }) };
    const refused = await runInProcess(["copy", "app.db", url], { cwd, env: readOnly });
    expect(refused).toMatchObject({ exit: 10, stderr: expect.stringContaining("SKM_REMOTE_READONLY") });
    const env = { TURSO_AUTH_TOKEN: issuer.token({}) };
    expect(await runInProcess(["copy", "app.db", url], { cwd, env })).toMatchObject({ exit: 0 });
    const back = await runInProcess(["copy", url, "back.db"], { cwd, env: readOnly });
    expect(back).toMatchObject({ exit: 0, stderr: expect.stringContaining(`from ${server?.host} in `) });
    expect(describeDatabase(join(cwd, "back.db")).rows).toEqual(describeDatabase(join(cwd, "app.db")).rows);
    expect(await runInProcess(["copy", "app.db", url], { cwd, env })).toMatchObject({ exit: 9 });
    expect(await runInProcess(["copy", "app.db", url, "--replace"], { cwd, env })).toMatchObject({ exit: 0 });
  });

  test("takes the token of its configuration, which nobody sees", async () => {
    const cwd = await directoryWithCache();
    const url = `http://${server?.host}`;
    const authToken = issuer.token({ note: "configured" });
    const file = join(cwd, "copy.json");
    writeFileSync(file, JSON.stringify({ url, authToken }));
    const argv = ["copy", "app.db", url, "--replace", "--config", "copy.json"];
    expect(await runInProcess(argv, { cwd })).toMatchObject({ exit: 0 });
    expect(await runInProcess(argv.slice(0, -2), { cwd })).toMatchObject({ exit: 10 });
    expect(
      await runInProcess(argv.slice(0, -2), { cwd, env: { SKILLMEAT_MIGRATE_CONFIG: file } }),
    ).toMatchObject({ exit: 0 });
    const asked = await runInProcess(["copy", authToken, "b.db", "--config", "copy.json", "--debug"], {
      cwd,
    });
    expect(asked.exit).not.toBe(0);
    expect(asked.stderr + asked.stdout).not.toContain(authToken);
    writeFileSync(file, "{");
    expect(await runInProcess(argv, { cwd })).toMatchObject({ exit: 2 });
  });
});
