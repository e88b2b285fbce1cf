import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { testDriver, type DatabaseUnderTest, type TestFunction } from "@skillmeat/migrate-core/testkit";
import { libsql, type LibsqlOptions } from "../src/index.ts";
import {
  describeWithSqld,
  hasSqld,
  startSqld,
  type SqldServer,
} from "../../../tools/src/sqld/sqld-server.ts";

interface Limits {
  /** Checks that fail for certain: run as such, so that the day the engine learns it is noticed. */
  readonly fails: readonly string[];
  /** Checks whose end depends on the garbage collector. */
  readonly skips?: readonly string[];
}

function withLimits({ fails, skips = [] }: Limits): TestFunction {
  const run = (title: string, body: () => Promise<void>): void => {
    if (fails.includes(title)) test.fails(title, body);
    else if (skips.includes(title)) test.skip(title, body);
    else test(title, body);
  };
  return Object.assign(run, { skip: (title: string, body: () => Promise<void>) => test.skip(title, body) });
}

/** The engine cuts text at NUL when it is read. */
const fileLimits: Limits = { fails: ["values.text-with-a-nul-is-not-cut"] };
/**
 * The library frees a statement when it is garbage, and SQLite keeps a closed database open until then: an empty
 * log stays beside the file, and this process still knows how large the file was.
 */
const walLimits: Limits = {
  ...fileLimits,
  skips: ["open.file-url-equals-path", "open.truncated-database-fails-at-open"],
};
/** JSON has no infinity. */
const remoteLimits: Limits = { fails: ["values.infinity-is-a-real"] };

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
  test: withLimits(walLimits),
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
