import { describe, expect, test } from "vitest";
import { chooseDatabase, type DatabaseRequest } from "../../src/database/choose-database.ts";
import type { Config } from "../../src/config/config.ts";

const own = { name: "own", connect: async () => await Promise.reject(new Error("not here")) };

function choose(parts: Partial<Omit<DatabaseRequest, "loaded">> & { readonly config?: Config }) {
  const { config, ...rest } = parts;
  return chooseDatabase({
    env: {},
    cwd: "/project",
    url: undefined,
    driver: undefined,
    breakLock: false,
    ...rest,
    loaded:
      config === undefined
        ? undefined
        : { file: "/etc/app/skillmeat-migrate.config.ts", config, isFunction: false },
  });
}

const file = (path: string, driver?: string) => ({
  kind: "file",
  driver,
  path,
  journalMode: undefined,
  breakLock: false,
});

describe("the database", () => {
  test.each<[what: string, request: Parameters<typeof choose>[0], expected: object]>([
    ["the cache when nothing is said", {}, { kind: "default", driver: undefined, breakLock: false }],
    [
      "the cache for a driver",
      { driver: "node-sqlite" },
      { kind: "default", driver: "node-sqlite", breakLock: false },
    ],
    ["--url", { url: "a.db" }, file("/project/a.db")],
    [
      "--url before everything else",
      { url: "a.db", env: { SKILLMEAT_DATABASE_URL: "b.db" }, config: { url: "c.db" } },
      file("/project/a.db"),
    ],
    [
      "SKILLMEAT_DATABASE_URL before SQLALCHEMY_URL",
      { env: { SQLALCHEMY_URL: "b.db", SKILLMEAT_DATABASE_URL: "a.db" } },
      file("/project/a.db"),
    ],
    [
      "SQLALCHEMY_URL as SQLAlchemy writes it",
      { env: { SQLALCHEMY_URL: "sqlite+pysqlite:////abs/x.db" } },
      file("/abs/x.db"),
    ],
    [
      "SQLALCHEMY_URL before TURSO_DATABASE_URL",
      { env: { TURSO_DATABASE_URL: "libsql://h", SQLALCHEMY_URL: "sqlite:////a.db" } },
      file("/a.db"),
    ],
    [
      "TURSO_DATABASE_URL before the configuration",
      { env: { TURSO_DATABASE_URL: "file:t.db" }, config: { url: "c.db" } },
      file("/project/t.db"),
    ],
    [
      "an empty variable counts as not set",
      { env: { SKILLMEAT_DATABASE_URL: "", SQLALCHEMY_URL: "a.db" } },
      file("/project/a.db"),
    ],
    ["the configuration, relative to its file", { config: { url: "c.db" } }, file("/etc/app/c.db")],
    ["the configuration upwards", { config: { url: "file:../c.db" } }, file("/etc/c.db")],
    ["a driver of the configuration", { config: { driver: own } }, { kind: "driver", driver: own }],
    [
      "--url before a driver of the configuration",
      { url: "a.db", config: { driver: own } },
      file("/project/a.db"),
    ],
    ["a path for another driver", { url: "a.db", driver: "libsql" }, file("/project/a.db", "libsql")],
    [
      "a driver named in the configuration",
      { config: { driver: "libsql", url: "a.db" } },
      file("/etc/app/a.db", "libsql"),
    ],
    [
      "a journal mode from the configuration",
      { url: "a.db", config: { journalMode: "wal" } },
      { ...file("/project/a.db"), journalMode: "wal" },
    ],
    ["memory", { url: ":memory:" }, file(":memory:")],
  ])("is %s", (_what, request, expected) => {
    expect(choose(request)).toEqual(expected);
  });

  test.each<[what: string, request: Parameters<typeof choose>[0], token: string | undefined]>([
    ["the URL", { url: "libsql://h?authToken=inurl", env: { TURSO_AUTH_TOKEN: "env" } }, "inurl"],
    [
      "SKILLMEAT_AUTH_TOKEN",
      { url: "libsql://h", env: { SKILLMEAT_AUTH_TOKEN: "own", TURSO_AUTH_TOKEN: "env" } },
      "own",
    ],
    ["TURSO_AUTH_TOKEN", { url: "libsql://h", env: { TURSO_AUTH_TOKEN: "env" } }, "env"],
    [
      "TURSO_AUTH_TOKEN for the server it belongs to",
      { env: { TURSO_DATABASE_URL: "libsql://h", TURSO_AUTH_TOKEN: "env" } },
      "env",
    ],
    [
      "nowhere when TURSO_AUTH_TOKEN belongs to another server",
      { url: "libsql://other", env: { TURSO_DATABASE_URL: "libsql://h", TURSO_AUTH_TOKEN: "env" } },
      undefined,
    ],
    ["the configuration", { config: { url: "libsql://h", authToken: "conf" } }, "conf"],
    [
      "the configuration for its server by another scheme",
      { url: "https://H", config: { url: "libsql://h", authToken: "conf" } },
      "conf",
    ],
    [
      "nowhere when the configuration names another server",
      { url: "libsql://other", config: { url: "libsql://h", authToken: "conf" } },
      undefined,
    ],
    [
      "the configuration that names a file",
      { url: "libsql://other", config: { url: "a.db", authToken: "conf" } },
      "conf",
    ],
  ])("takes its token from %s", (_what, request, authToken) => {
    expect(choose(request)).toMatchObject({ kind: "remote", driver: "libsql", remote: { authToken } });
  });

  test.each<[what: string, request: Parameters<typeof choose>[0], code: string]>([
    ["blank", { url: " " }, "SKM_URL"],
    ["of an unknown scheme", { url: "postgres://h/x" }, "SKM_URL"],
    ["not UTF-8", { env: { SKILLMEAT_DATABASE_URL: "\uFFFD.db" } }, "SKM_USAGE"],
    ["not UTF-8 in --url", { url: "\uFFFD.db" }, "SKM_USAGE"],
    ["for an unknown driver", { url: "a.db", driver: "mysql" }, "SKM_USAGE"],
    ["a server for a driver of files", { url: "libsql://h", driver: "better-sqlite3" }, "SKM_USAGE"],
    ["a server for the other one", { url: "libsql://h", driver: "node-sqlite" }, "SKM_USAGE"],
    ["missing for a driver that needs one", { driver: "libsql" }, "SKM_USAGE"],
    [
      "given twice, by --driver and a driver object",
      { driver: "libsql", config: { driver: own } },
      "SKM_USAGE",
    ],
    ["unencrypted elsewhere", { url: "http://h" }, "SKM_REMOTE_TLS"],
  ])("is refused when it is %s", (_what, request, code) => {
    expect(() => choose(request)).toThrowError(expect.objectContaining({ code }));
  });
});
