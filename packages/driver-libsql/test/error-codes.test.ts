import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createMigrator, type Operations, type Revision } from "@skillmeat/migrate-core";
import { libsql, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { createTokenIssuer } from "../../../tools/src/sqld/access-token.ts";
import { startSqld } from "../../../tools/src/sqld/sqld-server.ts";
import { describeWithServer, readValues } from "./support/databases.ts";

const first: Revision = {
  revision: "001",
  downRevision: null,
  upgrade: (op) => op.execute("CREATE TABLE t (a)"),
};

const second = (upgrade: (op: Operations) => void | Promise<void>): Revision => ({
  revision: "002",
  downRevision: "001",
  upgrade,
});

/** How a run ends: the code of its error. */
async function codeOf(options: LibsqlOptions, revisions: readonly Revision[]): Promise<unknown> {
  const migrator = createMigrator({ driver: libsql(options), revisions });
  try {
    await migrator.upgrade();
    return "applied";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  } finally {
    await migrator.close();
  }
}

describeWithServer("the code of a run on a server", (server) => {
  const fresh = async (): Promise<LibsqlOptions> => ({
    url: `http://${server().host}`,
    namespace: await server().createNamespace(),
  });

  /** Runs the second revision after the first, which stays whatever happens. */
  async function failSecond(options: LibsqlOptions, upgrade: Parameters<typeof second>[0]): Promise<unknown> {
    expect(await codeOf(options, [first])).toBe("applied");
    const code = await codeOf(options, [first, second(upgrade)]);
    expect(await readValues(options, "SELECT version_num FROM alembic_version")).toEqual(["001"]);
    expect(await readValues(options, "SELECT count(*) FROM t")).toEqual([0]);
    return code;
  }

  // The server decides how long these take: 5 and 10 seconds, and the run tries once more in line.
  describe.concurrent("tells a transaction that the server ended", { timeout: 120_000 }, () => {
    test("because another writer waited", async () => {
      const options = await fresh();
      const other = await libsql(options).connect();
      let waiting: Promise<unknown> = Promise.resolve();
      const code = await failSecond(options, async (op) => {
        await op.query("SELECT 1");
        op.execute("INSERT INTO t VALUES (1)");
        await op.query("SELECT 1");
        waiting = other.unit([{ sql: "CREATE TABLE IF NOT EXISTS others (a)" }]);
        await waiting;
        op.execute("INSERT INTO t VALUES (2)");
      });
      await waiting;
      await other.close();
      expect(code).toBe("SKM_REMOTE_TX_EXPIRED");
    });

    test("because nothing was asked for too long", async () => {
      const code = await failSecond(await fresh(), async (op) => {
        op.execute("INSERT INTO t VALUES (1)");
        await op.query("SELECT 1");
        await sleep(11_500);
        op.execute("INSERT INTO t VALUES (2)");
      });
      expect(code).toBe("SKM_REMOTE_TX_EXPIRED");
    });
  });

  test.each<[what: string, sql: string, code: string]>([
    ["a text that is too large", `INSERT INTO t VALUES ('${"x".repeat(4_100_000)}')`, "SKM_REMOTE_TOO_BIG"],
    ["a value that is too large", "INSERT INTO t VALUES (zeroblob(2000000000))", "SKM_REMOTE_TOO_BIG"],
    ["VACUUM", "VACUUM", "SKM_SQL_FORBIDDEN"],
    ["ATTACH", "ATTACH ':memory:' AS other", "SKM_SQL_FORBIDDEN"],
    ["ANALYZE", "ANALYZE", "SKM_UNSUPPORTED"],
    ["a temporary table", "CREATE TEMP TABLE x (a)", "SKM_UNSUPPORTED"],
    ["a PRAGMA that only the server sets", "PRAGMA journal_mode = wal", "SKM_SQL_FORBIDDEN"],
  ])("tells %s", async (_what, sql, code) => {
    const insert = "INSERT INTO t VALUES (1)";
    const found = await failSecond(await fresh(), (op) => [insert, sql].forEach((text) => op.execute(text)));
    expect(found).toBe(code);
  });

  test("tells a database that is blocked for writers", async () => {
    const options = await fresh();
    const { namespace = "" } = options;
    await server().configure(namespace, { block_writes: true, block_reason: "maintenance" });
    expect(await codeOf(options, [first])).toBe("SKM_REMOTE_BLOCKED");
    await server().configure(namespace, { block_writes: false, block_reason: null });
    expect(await codeOf(options, [first])).toBe("applied");
  });

  test("tells a database that is not there", async () => {
    expect(await codeOf({ url: `http://${server().host}`, namespace: "nowhere" }, [first])).toBe(
      "SKM_REMOTE_DATABASE",
    );
  });

  test("tells a server that is not there", async () => {
    expect(await codeOf({ url: "http://127.0.0.1:9" }, [first])).toBe("SKM_REMOTE_NETWORK");
  });

  test("tells a token that is missing, wrong, expired, or for reading", async () => {
    const issuer = createTokenIssuer();
    const guarded = await startSqld({ single: true, publicKey: issuer.publicKey });
    try {
      const url = `http://${guarded.host}`;
      const past = Math.floor(Date.now() / 1000) - 3600;
      expect(await codeOf({ url }, [first])).toBe("SKM_REMOTE_AUTH");
      expect(await codeOf({ url, authToken: "no-token" }, [first])).toBe("SKM_REMOTE_AUTH");
      expect(await codeOf({ url, authToken: issuer.token({ exp: past }) }, [first])).toBe("SKM_REMOTE_AUTH");
      expect(await codeOf({ url, authToken: issuer.token({ a: "ro" }) }, [first])).toBe(
        "SKM_REMOTE_READONLY",
      );
      expect(await codeOf({ url, authToken: issuer.token({}) }, [first])).toBe("applied");
    } finally {
      await guarded.dispose();
    }
  });
});
