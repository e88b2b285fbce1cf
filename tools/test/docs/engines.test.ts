import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Driver } from "@skillmeat/migrate-core/driver";
import type { DatabaseUnderTest } from "@skillmeat/migrate-core/testkit";
import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
import { libsql } from "@skillmeat/migrate-driver-libsql";
import { nodeSqlite } from "@skillmeat/migrate-driver-node-sqlite";
import { nodeSqlite3Wasm } from "@skillmeat/migrate-driver-node-sqlite3-wasm";
import { probeEngine, type EngineProbe } from "../../src/engines/probe-engine.ts";
import { renderEngines } from "../../src/engines/render-engines.ts";
import { describeWithSqld, startSqld } from "../../src/sqld/sqld-server.ts";

const page = new URL("../../../docs/engines.md", import.meta.url);

function inFile(driverFor: (path: string) => Driver): () => DatabaseUnderTest {
  return () => {
    const directory = mkdtempSync(join(tmpdir(), "skillmeat-engines-"));
    const path = join(directory, "test.db");
    const dispose = (): void => rmSync(directory, { recursive: true, force: true });
    return { driver: driverFor(path), files: { directory, path, driverFor }, dispose };
  };
}

async function probeServer(): Promise<EngineProbe> {
  const server = await startSqld();
  try {
    return await probeEngine("libSQL server", async () => {
      const namespace = await server.createNamespace();
      const driver = libsql({ url: `http://${server.host}`, namespace });
      return { driver, dispose: () => undefined };
    });
  } finally {
    await server.dispose();
  }
}

describeWithSqld("docs/engines.md", () => {
  test("says what the engines answer", async () => {
    const probes = [
      await probeEngine("better-sqlite3", inFile(betterSqlite3)),
      await probeEngine("node:sqlite", inFile(nodeSqlite)),
      await probeEngine("node-sqlite3-wasm", inFile(nodeSqlite3Wasm)),
      await probeEngine(
        "libSQL file",
        inFile((url) => libsql({ url })),
      ),
      await probeServer(),
    ];
    await expect(renderEngines(probes)).toMatchFileSnapshot(page.pathname);
  });
});
