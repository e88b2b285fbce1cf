import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createTokenIssuer } from "../../../tools/src/sqld/access-token.ts";
import { describeWithSqld, startSqld, type SqldServer } from "../../../tools/src/sqld/sqld-server.ts";
import { libsql } from "@skillmeat/migrate-driver-libsql";
import { runInProcess } from "./support/run-in-process.ts";
import { temporaryDirectories } from "./support/temporary-directory.ts";

const temporaryDirectory = temporaryDirectories();

describeWithSqld("the command on a server", () => {
  const issuer = createTokenIssuer();
  let server: SqldServer | undefined;
  beforeAll(async () => {
    server = await startSqld({ single: true, publicKey: issuer.publicKey });
  });
  afterAll(async () => await server?.dispose());

  async function run(argv: readonly string[], claims: Readonly<Record<string, unknown>> = {}) {
    const env = { TURSO_DATABASE_URL: `http://${server?.host}`, TURSO_AUTH_TOKEN: issuer.token(claims) };
    const result = await runInProcess(argv, { cwd: temporaryDirectory(), env });
    expect(`${result.stdout}${result.stderr}`).not.toContain(env.TURSO_AUTH_TOKEN);
    return result;
  }

  test("creates the SkillMeat cache, goes down and up again", async () => {
    expect(await run(["upgrade"])).toMatchObject({ exit: 0 });
    expect((await run(["current"])).stdout).toContain("(head)");
    expect(await run(["check"])).toMatchObject({ exit: 0 });
    expect(await run(["downgrade", "base", "--yes"])).toMatchObject({ exit: 0 });
    expect(await run(["check"])).toMatchObject({ exit: 3 });
    expect(await run(["upgrade"])).toMatchObject({ exit: 0 });
  });

  test("sends revisions that the server refuses once nobody waits for them", async () => {
    await run(["downgrade", "base", "--yes"]);
    const bodies: string[] = [];
    const proxy = createServer((request, response) => {
      const pass = async (): Promise<void> => {
        let body = "";
        for await (const part of request.setEncoding("utf8")) body += String(part);
        bodies.push(body);
        const { authorization = "" } = request.headers;
        const answer = await fetch(`http://${server?.host}${request.url}`, {
          method: "POST",
          headers: { authorization },
          body,
        });
        response.writeHead(answer.status).end(await answer.text());
      };
      pass().catch(() => request.socket.destroy());
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const env = {
      TURSO_DATABASE_URL: `http://127.0.0.1:${port}`,
      TURSO_AUTH_TOKEN: issuer.token({}),
    };
    expect(await runInProcess(["upgrade"], { cwd: temporaryDirectory(), env })).toMatchObject({ exit: 0 });
    const units = bodies.filter((body) => body.includes("BEGIN IMMEDIATE"));
    expect(units.length).toBeGreaterThan(0);
    for (const unit of units) expect(unit).toMatch(/unixepoch\('now', 'subsec'\) > \d{10}\.\d{3} THEN/);
  });

  test("reads with a token for reading, and cannot write with it", async () => {
    await run(["upgrade"]);
    expect((await run(["current"], { a: "ro" })).stdout).toContain("(head)");
    expect(await run(["check"], { a: "ro" })).toMatchObject({ exit: 0 });
    const refused = await run(["downgrade", "base", "--yes"], { a: "ro" });
    expect(refused.exit).toBe(10);
    expect(refused.stderr).toContain("error SKM_REMOTE_READONLY: ");
    expect((await run(["current"])).stdout).toContain("(head)");
  });

  test("says whose turn it is, and ends it", async () => {
    await run(["upgrade"]);
    expect(await run(["lock", "status"])).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: `${server?.host}: nobody is at work\n`,
    });
    const connection = await libsql({
      url: `http://${server?.host}`,
      authToken: issuer.token({}),
    }).connect();
    const now = "unixepoch('now', 'subsec')";
    await connection.unit([
      {
        sql: "CREATE TABLE skm_courtesy_lock (id INTEGER PRIMARY KEY, owner TEXT, holder TEXT, token INTEGER, acquired_at REAL, expires_at REAL)",
      },
      {
        sql: `INSERT INTO skm_courtesy_lock VALUES (1, 'x', 'process 1 on elsewhere', 3, ${now} - 5, ${now} + 40)`,
      },
    ]);
    await connection.close();
    const held = await run(["lock", "status"], { a: "ro" });
    expect(held.stdout).toMatch(
      /^process 1 on elsewhere, for \d+\.\d s; its turn ends in \d+\.\d s unless it works on\n$/,
    );
    const waiting = await run(["downgrade", "base", "--yes", "--queue", "--lock-timeout", "3000"]);
    expect(waiting.exit).toBe(6);
    expect(waiting.stderr).toContain("waiting for process 1 on elsewhere (");
    expect(waiting.stderr).toContain('error SKM_BUSY: "process 1 on elsewhere" is at work on the database');
    expect(JSON.parse((await run(["lock", "status", "--json"])).stdout)).toMatchObject({
      command: "lock",
      action: "status",
      held: { holder: "process 1 on elsewhere", token: 3 },
    });
    expect((await run(["lock", "break"])).stderr).toBe(
      `${server?.host}: ended the turn of process 1 on elsewhere\n`,
    );
    expect((await run(["lock", "break"])).stderr).toBe(`${server?.host}: nobody was at work\n`);
    expect(await run(["downgrade", "base", "--yes", "--queue"])).toMatchObject({ exit: 0 });
    expect((await run(["lock", "begin"])).exit).toBe(2);
  });

  test("says that a token is refused, and exits with 10", async () => {
    const { exit, stderr } = await runInProcess(["current"], {
      cwd: temporaryDirectory(),
      env: { TURSO_DATABASE_URL: `http://${server?.host}`, TURSO_AUTH_TOKEN: createTokenIssuer().token({}) },
    });
    expect(exit).toBe(10);
    expect(stderr).toContain("error SKM_REMOTE_AUTH: ");
  });

  test("says that nobody listens, and exits with 10", async () => {
    const { exit, stderr } = await runInProcess(["upgrade", "--url", "http://127.0.0.1:9"], {
      cwd: temporaryDirectory(),
    });
    expect(exit).toBe(10);
    expect(stderr).toContain("error SKM_REMOTE_NETWORK: ");
  });
});

test("a file is migrated with --driver libsql", async () => {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "app.db"), "");
  expect(await runInProcess(["upgrade", "--url", "app.db", "--driver", "libsql"], { cwd })).toMatchObject({
    exit: 0,
  });
  expect(
    (await runInProcess(["current", "--url", "app.db", "--driver", "libsql"], { cwd })).stdout,
  ).toContain("(head)");
});
