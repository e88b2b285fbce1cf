import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Connection, DriverError } from "@skillmeat/migrate-core/driver";
import { libsql, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { createTokenIssuer } from "../../../tools/src/sqld/access-token.ts";
import { startSqld, type SqldServer } from "../../../tools/src/sqld/sqld-server.ts";
import { describeWithServer } from "./support/databases.ts";

type Facts = Partial<Pick<DriverError, "kind" | "reason" | "outcome" | "step">>;

async function open(options: LibsqlOptions): Promise<Connection> {
  const connection = await libsql(options).connect();
  onTestFinished(async () => await connection.close());
  return connection;
}

const one = { sql: "SELECT 1" };
const create = { sql: "CREATE TABLE t (a)" };

describeWithServer("a server", (server) => {
  const fresh = async (): Promise<LibsqlOptions> => ({
    url: `http://${server().host}`,
    namespace: await server().createNamespace(),
  });

  test("that has no such database is asked again for a moment, then says so", async () => {
    const connection = await open({ url: `http://${server().host}`, namespace: "nowhere" });
    await expect(connection.query(one)).rejects.toMatchObject({
      kind: "cantopen",
      reason: "no-such-database",
    });
  });

  test("that is blocked for writers lets others read, and takes the unit when it is released", async () => {
    const options = await fresh();
    const connection = await open(options);
    const configure = async (blocked: boolean) =>
      await server().configure(options.namespace ?? "", {
        block_writes: blocked,
        block_reason: blocked ? "maintenance" : null,
      });
    await configure(true);
    await expect(connection.unit([create])).rejects.toMatchObject({
      kind: "readonly",
      reason: "blocked",
      outcome: "rolled-back",
    });
    expect((await connection.query(one)).rows).toEqual([[1]]);
    await configure(false);
    await connection.unit([create]);
  });

  test.each([
    "VACUUM",
    "ANALYZE",
    "CREATE TEMP TABLE t (a)",
    "ATTACH 'other.db' AS other",
    "PRAGMA journal_mode = wal",
    "PRAGMA synchronous = 1",
    "PRAGMA cache_size = -2000",
    "PRAGMA journal_mode(wal)",
  ])("is not sent a unit with %s", async (sql) => {
    let requests = 0;
    const connection = await open({
      ...(await fresh()),
      fetch: async (input, init) => {
        requests += 1;
        return await fetch(input, init);
      },
    });
    const kind = expect.stringMatching(/^(?:unsupported|sql)$/);
    await expect(connection.unit([create, { sql }])).rejects.toMatchObject({
      kind,
      step: 1,
      outcome: "rolled-back",
    });
    expect(requests).toBe(0);
  });

  test.each<[text: string, statement: { readonly sql: string; readonly params?: readonly string[] }]>([
    ["a text of 5 MB", { sql: `SELECT '${"x".repeat(5_000_000)}'` }],
    ["a value of 20 MB", { sql: "SELECT length(?)", params: ["x".repeat(20_000_000)] }],
  ])("refuses %s", async (_text, statement) => {
    const connection = await open(await fresh());
    await expect(connection.query(statement)).rejects.toMatchObject({ kind: "value", reason: "too-big" });
    expect((await connection.query(one)).rows).toEqual([[1]]);
  });

  test("takes a transaction from its holder when another writer waits", async () => {
    const options = await fresh();
    const [holder, other] = [await open(options), await open(options)];
    await holder.unit([create]);
    let waiting: Promise<unknown> | undefined;
    const held = holder.transaction?.(async (tx) => {
      await tx.query({ sql: "INSERT INTO t VALUES (1)" });
      waiting = other.unit([{ sql: "INSERT INTO t VALUES (2)" }]);
      await waiting;
      await tx.query({ sql: "INSERT INTO t VALUES (3)" });
    });
    await expect(held).rejects.toMatchObject({
      kind: "busy",
      reason: "transaction-expired",
      outcome: "rolled-back",
    });
    await waiting;
    expect((await other.query({ sql: "SELECT a FROM t" })).rows).toEqual([[2]]);
  });
});

describeWithServer("a server that takes a transaction away", (server) => {
  test("in the middle of a unit runs nothing more of it", { timeout: 120_000 }, async () => {
    const options = { url: `http://${server().host}`, namespace: await server().createNamespace() };
    const [holder, other] = [await open({ ...options, timeoutMs: 100_000 }), await open(options)];
    await holder.unit([create]);
    const insert = (value: number) => ({ sql: `INSERT INTO t VALUES (${value})` });
    // About a second each: the server takes the lock after 5.
    const slow = {
      sql: "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 6000000) SELECT count(*) FROM n",
    };
    const steps = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? insert(index) : slow));
    const failed = holder.unit([...steps, insert(99)]).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await other.unit([insert(1000)]);
    expect(await failed).toMatchObject({
      kind: "busy",
      reason: "transaction-expired",
      outcome: "rolled-back",
    });
    expect((await other.query({ sql: "SELECT a FROM t" })).rows).toEqual([[1000]]);
  });
});

describeWithServer("a server with tokens", () => {
  const issuer = createTokenIssuer();

  async function startWithKey(): Promise<SqldServer> {
    const server = await startSqld({ single: true, publicKey: issuer.publicKey });
    onTestFinished(async () => await server.dispose());
    return server;
  }

  const now = Math.floor(Date.now() / 1000);
  const refused: Facts = { kind: "auth" };

  test("lets in who has one, and tells what each of the others lacks", async () => {
    const { host } = await startWithKey();
    const connect = async (authToken?: string) =>
      await open({ url: `http://${host}`, ...(authToken === undefined ? {} : { authToken }) });
    const cases: readonly (readonly [token: string | undefined, facts: Facts | undefined])[] = [
      [issuer.token({}), undefined],
      [issuer.token({ exp: now + 3600 }), undefined],
      [undefined, refused],
      ["no-token", refused],
      [createTokenIssuer().token({}), refused],
      [issuer.token({ exp: now - 3600 }), refused],
      [issuer.token({ a: "ro" }), { kind: "auth", reason: "read-only-token", outcome: "rolled-back" }],
    ];
    for (const [token, facts] of cases) {
      const unit = (await connect(token)).unit([{ sql: "CREATE TABLE IF NOT EXISTS t (a)" }]);
      if (facts === undefined) await unit;
      else await expect(unit).rejects.toMatchObject(facts);
    }
    const reading = await connect(issuer.token({ a: "ro" }));
    expect((await reading.unit([{ sql: "SELECT count(*) FROM t" }]))[0]?.rows).toEqual([[0]]);
  });

  test("is in no message with its token", async () => {
    const { host } = await startWithKey();
    const authToken = createTokenIssuer().token({ name: "secret" });
    const error: unknown = await (
      await open({ url: `http://${host}`, authToken })
    )
      .query(one)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 10 })).not.toContain(authToken);
  });
});

describe("what answers instead of a server", () => {
  /** Answers every request alike. */
  async function startAnswering(status: number, headers: Readonly<Record<string, string>>, body: string) {
    const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each<[title: string, answer: Parameters<typeof startAnswering>, facts: Facts]>([
    [
      "a redirect",
      [301, { location: "http://elsewhere.example/" }, ""],
      { kind: "network", reason: "redirect" },
    ],
    ["a page", [200, {}, "<html>hello</html>"], { kind: "network", reason: "protocol" }],
    ["another protocol", [200, {}, '{"results":[]}'], { kind: "network", reason: "protocol" }],
    ["a missing page", [404, {}, "<html>not found</html>"], { kind: "network", reason: "protocol" }],
    ["a broken gateway", [502, {}, "<html>bad gateway</html>"], { kind: "network", outcome: "unknown" }],
    ["a refusal", [401, {}, ""], { kind: "auth", outcome: "rolled-back" }],
    ["too large a request", [413, {}, ""], { kind: "value", reason: "too-big", outcome: "rolled-back" }],
  ])("%s is told", async (_title, answer, facts) => {
    const connection = await open({ url: `http://${await startAnswering(...answer)}` });
    await expect(connection.unit([create])).rejects.toMatchObject(facts);
  });

  test("a server without TLS is told where TLS is expected", async () => {
    const host = await startAnswering(200, {}, "");
    const connection = await open({ url: `https://${host}` });
    await expect(connection.query(one)).rejects.toMatchObject({ kind: "network", reason: "tls" });
  });

  test("silence ends after timeoutMs, with an unknown outcome for what may have been written", async () => {
    const server = createServer(() => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const connection = await open({ url: `http://127.0.0.1:${port}`, timeoutMs: 100 });
    await expect(connection.unit([create])).rejects.toMatchObject({ kind: "timeout", outcome: "unknown" });
    await expect(connection.query(one)).rejects.toMatchObject({ kind: "timeout", outcome: undefined });
  });
});
