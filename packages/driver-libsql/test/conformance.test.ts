import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { testDriver, type DatabaseUnderTest, type TestFunction } from "@skillmeat/migrate-core/testkit";
import { libsql, type LibsqlOptions } from "../src/index.ts";
import { describeWithSqld, hasSqld, startSqld, type SqldServer } from "./support/sqld-server.ts";

/** Runs a check as one that fails, so that the day the engine learns it is noticed. */
function withLimits(limits: readonly string[]): TestFunction {
  const run = (title: string, body: () => Promise<void>): void => {
    if (limits.includes(title)) test.fails(title, body);
    else test(title, body);
  };
  return Object.assign(run, { skip: (title: string, body: () => Promise<void>) => test.skip(title, body) });
}

/** The engine cuts text at NUL when it is read. */
const fileLimits = ["values.text-with-a-nul-is-not-cut"];
/** JSON has no infinity. */
const remoteLimits = ["values.infinity-is-a-real"];

function temporaryFile(options: Omit<LibsqlOptions, "url"> = {}): DatabaseUnderTest {
  const directory = mkdtempSync(join(tmpdir(), "skm-libsql-"));
  const path = join(directory, "test.db");
  const driverFor = (url: string) => libsql({ url, ...options });
  return {
    driver: driverFor(path),
    files: { directory, path, driverFor },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}

await testDriver({
  describe: (title, body) => describe(`${title} of a file`, body),
  test: withLimits(fileLimits),
  create: () => temporaryFile(),
});

await testDriver({
  describe: (title, body) => describe(`${title} of a file with a write-ahead log`, body),
  test: withLimits(fileLimits),
  create: () => temporaryFile({ journalMode: "wal" }),
});

describeWithSqld("a server", async () => {
  let server: SqldServer | undefined = hasSqld ? await startSqld() : undefined;
  beforeAll(async () => {
    server ??= await startSqld();
  });
  afterAll(async () => await server?.dispose());
  for (const scheme of ["http", "ws"]) {
    await testDriver({
      describe: (title, body) => describe(`${title} over ${scheme}`, body),
      test: withLimits(remoteLimits),
      create: async () => {
        server ??= await startSqld();
        const namespace = await server.createNamespace();
        return { driver: libsql({ url: `${scheme}://${server.host}`, namespace }), dispose: () => undefined };
      },
    });
  }
});
