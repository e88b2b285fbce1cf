import { describe, expect, onTestFinished, test } from "vitest";
import { createMigrator, type Revision } from "@skillmeat/migrate-core";
import { libsql, type Fetch, type LibsqlOptions } from "@skillmeat/migrate-driver-libsql";
import { describeWithServer, readValues } from "./support/databases.ts";

interface Exchange {
  readonly body: string;
  readonly init: RequestInit;
  /** What the server answers, which it then has done. */
  readonly ask: () => Promise<Response>;
}

/** A server's answers as something between makes them. */
type Between = (exchange: Exchange) => Promise<Response>;

const through = (between: Between): Fetch => {
  return async (input, init) => {
    const body = typeof init.body === "string" ? init.body : "";
    return await between({ body, init, ask: async () => await fetch(input, init) });
  };
};

const json = (value: unknown, status = 200): Response => new Response(JSON.stringify(value), { status });

interface Answer {
  results: { readonly type: string; readonly response?: { readonly result?: Record<string, unknown[]> } }[];
  base_url: string | null;
}

/** Changes the answer to what matches. */
function changing(pattern: RegExp, change: (answer: Answer) => unknown, status?: number): Between {
  return async ({ body, ask }) => {
    const answer = await ask();
    if (!pattern.test(body)) return answer;
    return json(change((await answer.json()) as Answer), status);
  };
}

const first: Revision = {
  revision: "001",
  downRevision: null,
  upgrade: (op) => op.execute("CREATE TABLE a (x)"),
};
const second: Revision = {
  revision: "002",
  downRevision: "001",
  upgrade: (op) => op.execute("CREATE TABLE b (x)"),
};
/** Asks the database, so that it is a transaction of several requests. */
const asking: Revision = {
  revision: "002",
  downRevision: "001",
  upgrade: async (op) => {
    op.execute("CREATE TABLE b (x)");
    await op.query("SELECT count(*) FROM b");
  },
};

async function upgrade(options: LibsqlOptions, revisions: readonly Revision[]) {
  const migrator = createMigrator({ driver: libsql(options), revisions });
  try {
    return await migrator.upgrade();
  } finally {
    await migrator.close();
  }
}

describeWithServer("a strange answer", (server) => {
  async function prepare(): Promise<LibsqlOptions> {
    const options = { url: `http://${server().host}`, namespace: await server().createNamespace() };
    await upgrade(options, [first]);
    return options;
  }

  const unit = /CREATE TABLE b.*COMMIT/s;
  const commit = /^\{"baton":"[^"]+.*"COMMIT"/s;
  const failed = (code: string, message: string) => (answer: Answer) => ({
    ...answer,
    results: answer.results.map((result, index) => {
      return index === 0 ? { type: "error", error: { message, code } } : result;
    }),
  });

  describe("after the revision was committed does not make a run say that it was not", () => {
    test.each<[what: string, given: Revision, between: Between]>([
      [
        "a gateway that speaks JSON with codes",
        second,
        changing(unit, () => ({ code: "GATEWAY_TIMEOUT", message: "upstream timed out" }), 504),
      ],
      ["a gateway that gave up", second, changing(unit, () => ({ error: "client timed out" }), 408)],
      [
        "a server that lost its primary",
        second,
        changing(unit, failed("PROXY_ERROR", "error executing a request on the primary: broken pipe")),
      ],
      ["too large an answer", second, changing(unit, failed("RESPONSE_TOO_LARGE", "Response is too large"))],
      [
        "a batch with fewer results than steps",
        second,
        changing(unit, (answer) => {
          const results = structuredClone(answer.results);
          results[0]?.response?.result?.["step_results"]?.splice(4);
          return { ...answer, results };
        }),
      ],
      [
        "a disk that failed while it committed",
        second,
        changing(unit, (answer) => {
          const results = structuredClone(answer.results);
          const { step_results: done = [], step_errors: failures = [] } = results[0]?.response?.result ?? {};
          // Behind COMMIT come ROLLBACK and a PRAGMA.
          const commitStep = done.length - 3;
          done[commitStep] = null;
          failures[commitStep] = { message: "SQLite error: disk I/O error", code: "SQLITE_IOERR" };
          return { ...answer, results };
        }),
      ],
      [
        "another address to go on at",
        asking,
        changing(commit, (answer) => ({ ...answer, base_url: "http://elsewhere.example" })),
      ],
      [
        "the COMMIT of several requests through a server that lost its primary",
        asking,
        changing(commit, failed("PROXY_ERROR", "error executing a request on the primary: broken pipe")),
      ],
    ])("%s", async (_what, given, between) => {
      const options = await prepare();
      let changed = 0;
      const fetch = through(async (exchange) => {
        const before = await between(exchange);
        if (unit.test(exchange.body) || commit.test(exchange.body)) changed += 1;
        return before;
      });
      const result = await upgrade({ ...options, fetch }, [first, given]);
      expect(result).toMatchObject({ outcome: "applied", headsAfter: ["002"] });
      expect(changed).toBeGreaterThan(0);
      expect(await readValues(options, "SELECT version_num FROM alembic_version")).toEqual(["002"]);
    });
  });

  /** Sets the server's clock back, or forward, in the first answers, as one that is put right afterwards. */
  const slowClock = (answers: number, seconds = -3600): Between => {
    let left = answers;
    return async ({ body, ask }) => {
      const answer = await ask();
      const asked = (JSON.parse(body) as { requests: { stmt?: { sql: string } }[] }).requests.findIndex(
        ({ stmt }) => stmt?.sql.startsWith("SELECT unixepoch") === true,
      );
      if (asked === -1 || left === 0) return answer;
      left -= 1;
      const value = (await answer.json()) as Answer;
      const [cell] = (value.results[asked]?.response?.result?.["rows"]?.[0] ?? []) as { value: number }[];
      if (cell !== undefined) cell.value += seconds;
      return json(value);
    };
  };

  test("about the time of the server makes a unit come again, when it was too early", async () => {
    const options = await prepare();
    const bodies: string[] = [];
    const clock = slowClock(1);
    const fetch = through(async (exchange) => {
      bodies.push(exchange.body);
      return await clock(exchange);
    });
    const result = await upgrade({ ...options, fetch }, [first, second]);
    expect(result).toMatchObject({ outcome: "applied", steps: [{ revision: "002" }] });
    expect(bodies.filter((body) => unit.test(body))).toHaveLength(2);
  });

  test("about the time of the server that never fits ends the run, and nothing is done", async () => {
    const options = await prepare();
    const fetch = through(slowClock(Infinity));
    await expect(upgrade({ ...options, fetch }, [first, second])).rejects.toMatchObject({
      code: "SKM_REMOTE_NETWORK",
      message: expect.stringContaining("after its sender had stopped waiting"),
    });
    expect(await readValues(options, "SELECT version_num FROM alembic_version")).toEqual(["001"]);
  });

  test("that is lost, of a server whose clock was set back by hours, is not waited for", async () => {
    const options = await prepare();
    const clock = slowClock(Infinity, 7200);
    const fetch = through(async (exchange) => {
      return unit.test(exchange.body) ? json({ error: "no answer" }, 502) : await clock(exchange);
    });
    const migrator = createMigrator({ driver: libsql({ ...options, fetch }), revisions: [first, second] });
    onTestFinished(async () => await migrator.close());
    await migrator.current();
    await expect(migrator.upgrade()).rejects.toMatchObject({
      code: "SKM_COMMIT_UNKNOWN",
      details: { found: ["001"] },
    });
  });

  test("that is lost while another run goes further lets this one go on from there", async () => {
    const options = await prepare();
    const third: Revision = {
      revision: "003",
      downRevision: "002",
      upgrade: (op) => op.execute("CREATE TABLE c (x)"),
    };
    const fourth: Revision = { ...third, revision: "004", downRevision: "003", upgrade: () => undefined };
    let isLost = false;
    const fetch = through(async ({ body, ask }) => {
      const answer = await ask();
      if (isLost || !unit.test(body)) return answer;
      isLost = true;
      await upgrade(options, [first, second, third]);
      return json({ error: "no answer" }, 502);
    });
    const result = await upgrade({ ...options, fetch }, [first, second, third, fourth]);
    expect(result).toMatchObject({ headsAfter: ["004"], steps: [{ revision: "004" }] });
    expect(isLost).toBe(true);
  });

  test("that was asked for at another address gets no further request, and the token stays", async () => {
    const options = await prepare();
    const fetch = through(
      changing(/BEGIN IMMEDIATE/, (answer) => ({ ...answer, base_url: "http://elsewhere.example" })),
    );
    await expect(upgrade({ ...options, fetch }, [first, asking])).rejects.toMatchObject({
      code: "SKM_REMOTE_NETWORK",
      message: expect.stringContaining("at another address"),
    });
    expect(await readValues(options, "SELECT version_num FROM alembic_version")).toEqual(["001"]);
  });

  test("of a gateway with a code of its own is a fault of the network, not of a statement", async () => {
    const options = await prepare();
    const fetch = through(async () => json({ code: "NO_ROUTE", message: "no route" }, 503));
    const migrator = createMigrator({ driver: libsql({ ...options, fetch }), revisions: [first, second] });
    onTestFinished(async () => await migrator.close());
    await expect(migrator.current()).rejects.toMatchObject({ code: "SKM_REMOTE_NETWORK" });
  });

  test("in a transaction whose body goes on is why all of it fails", async () => {
    const options = await prepare();
    const stubborn: Revision = {
      ...asking,
      upgrade: async (op) => {
        op.execute("CREATE TABLE b (x)");
        await op.query("SELECT 42").catch(() => undefined);
        op.execute("CREATE TABLE c (x)");
      },
    };
    const fetch = through(async ({ body, ask }) => {
      if (!body.includes("SELECT 42")) return await ask();
      return json({ error: "no answer" }, 502);
    });
    await expect(upgrade({ ...options, fetch }, [first, stubborn])).rejects.toMatchObject({
      code: "SKM_REMOTE_NETWORK",
      message: expect.stringContaining("cannot answer at the moment"),
    });
    expect(await readValues(options, "SELECT name FROM sqlite_schema WHERE name IN ('b', 'c')")).toEqual([]);
  });

  test("never comes from a fetch that cannot be cancelled, and the wait ends all the same", async () => {
    const fetch = through(async () => await new Promise<Response>(() => undefined));
    const options = { ...(await prepare()), fetch, timeoutMs: 100 };
    const connection = await libsql(options).connect();
    onTestFinished(async () => await connection.close());
    await expect(connection.query({ sql: "SELECT 1" })).rejects.toMatchObject({ kind: "timeout" });
  });
});

describeWithServer("a stream with suspended foreign keys", (server) => {
  test.each<[what: string, use: (options: LibsqlOptions) => Promise<unknown>]>([
    [
      "in one request",
      async (options) =>
        await (
          await libsql(options).connect()
        ).unit([{ sql: "CREATE TABLE t (a)" }], { foreignKeys: "suspended" }),
    ],
    [
      "that commits",
      async (options) =>
        await (
          await libsql(options).connect()
        ).transaction?.(async (tx) => await tx.query({ sql: "CREATE TABLE t (a)" }), {
          foreignKeys: "suspended",
        }),
    ],
    [
      "that fails",
      async (options) =>
        await (
          await libsql(options).connect()
        )
          .transaction?.(async (tx) => await tx.query({ sql: "SELECT nothing" }), {
            foreignKeys: "suspended",
          })
          .catch(() => undefined),
    ],
    [
      "for a query",
      async (options) => {
        const connection = await libsql(options).connect();
        await connection.query({ sql: "PRAGMA foreign_keys = 0" });
        await connection.query({ sql: "CREATE TABLE t (a)" });
      },
    ],
  ])("%s enforces them at its end, whoever gets the connection next", async (_what, use) => {
    const bodies: string[] = [];
    const fetch = through(async ({ body, ask }) => {
      bodies.push(body);
      return await ask();
    });
    await use({
      url: `http://${server().host}`,
      namespace: await server().createNamespace(),
      fetch,
    });
    const settings = bodies.join("").match(/PRAGMA foreign_keys = \d/g);
    expect(settings).toContain("PRAGMA foreign_keys = 0");
    expect(settings?.at(-1)).toBe("PRAGMA foreign_keys = 1");
  });
});
