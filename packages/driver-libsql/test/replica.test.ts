import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createMigrator, type Revision } from "@skillmeat/migrate-core";
import { libsql, type Fetch } from "@skillmeat/migrate-driver-libsql";
import { describeWithSqld, startSqld, type SqldServer } from "../../../tools/src/sqld/sqld-server.ts";
import { readValues } from "./support/databases.ts";

const revisions: readonly Revision[] = [
  { revision: "001", downRevision: null, upgrade: (op) => op.execute("CREATE TABLE a (x)") },
  { revision: "002", downRevision: "001", upgrade: (op) => op.execute("CREATE TABLE b (x)") },
];

describeWithSqld("an embedded replica", () => {
  let primary: SqldServer | undefined;
  // Embedded replicas name no namespace, so each test has a server.
  beforeAll(async () => {
    primary = await startSqld({ single: true });
  });
  afterAll(async () => await primary?.dispose());

  function replica() {
    const directory = mkdtempSync(join(tmpdir(), "skm-replica-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return { url: join(directory, "replica.db"), syncUrl: `http://${primary?.host}` };
  }

  /** What an application reads that does not sync. */
  async function readReplica(path: string): Promise<readonly unknown[]> {
    const client = createClient({ url: pathToFileURL(path).href.replace("file:///", "file:/") });
    const { rows } = await client.execute("SELECT version_num FROM alembic_version");
    client.close();
    return rows.map((row) => row[0]);
  }

  test("shows the revision when the run on its primary is done", async () => {
    const options = replica();
    for (const given of [revisions.slice(0, 1), revisions]) {
      const migrator = createMigrator({ driver: libsql(options), revisions: given });
      await migrator.upgrade();
      await migrator.close();
      const again = createMigrator({ driver: libsql(options), revisions: given });
      expect((await again.upgrade()).outcome).toBe("nothing-to-do");
      await again.close();
      const heads = given.slice(-1).map(({ revision }) => revision);
      expect(await readValues({ url: options.syncUrl }, "SELECT version_num FROM alembic_version")).toEqual(
        heads,
      );
      expect(await readReplica(options.url)).toEqual(heads);
    }
  });

  test("that cannot be brought up to date is told, with its path", async () => {
    const options = replica();
    const connection = await libsql(options).connect();
    await connection.query({ sql: "SELECT 1" });
    rmSync(join(options.url, ".."), { recursive: true });
    await expect(connection.sync?.()).rejects.toMatchObject({
      kind: "io",
      reason: "replica-behind",
      message: expect.stringContaining("replica.db"),
    });
    await connection.close();
  });

  test.each<[what: string, change: (answer: string) => string, problem: string]>([
    [
      "another schema",
      (answer) => answer.replaceAll("CREATE TABLE r (x)", "CREATE TABLE r (x, y)"),
      "its schema is not that of the primary",
    ],
    [
      "an older frame",
      (answer) => answer.replaceAll(/"replication_index":"\d+"/g, '"replication_index":"999999"'),
      "and the primary at 999999",
    ],
  ])("that is left with %s than its primary is told", async (_what, change, problem) => {
    const fetchChanged: Fetch = async (input, init) => {
      const answer = await fetch(input, init);
      return new Response(change(await answer.text()), { status: answer.status });
    };
    const connection = await libsql({ ...replica(), fetch: fetchChanged }).connect();
    await connection.unit([{ sql: "DROP TABLE IF EXISTS r" }, { sql: "CREATE TABLE r (x)" }]);
    await expect(connection.sync?.()).rejects.toMatchObject({
      reason: "replica-behind",
      message: expect.stringContaining(problem),
    });
    await connection.unit([{ sql: "DROP TABLE r" }]);
    await connection.close();
  });

  test("that was left behind is caught up by a run with nothing to do", async () => {
    const options = replica();
    const onPrimary = createMigrator({ driver: libsql({ url: options.syncUrl }), revisions });
    await onPrimary.upgrade();
    await onPrimary.close();
    const migrator = createMigrator({ driver: libsql(options), revisions });
    expect((await migrator.upgrade()).outcome).toBe("nothing-to-do");
    await migrator.close();
    expect(await readReplica(options.url)).toEqual(["002"]);
  });
});
