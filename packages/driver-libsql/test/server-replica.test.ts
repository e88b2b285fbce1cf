import { expect, onTestFinished, test } from "vitest";
import { createMigrator, type Revision, type RunEvent } from "@skillmeat/migrate-core";
import { libsql } from "@skillmeat/migrate-driver-libsql";
import { describeWithSqld, startSqld } from "../../../tools/src/sqld/sqld-server.ts";

const count = 8;

/** Every third one asks, so that it is a transaction of several requests. */
const revisions: readonly Revision[] = Array.from({ length: count }, (_, index) => ({
  revision: `r${index}`,
  downRevision: index === 0 ? null : `r${index - 1}`,
  upgrade: async (op) => {
    op.execute(`CREATE TABLE t${index} (x)`);
    if (index % 3 === 2) await op.query("SELECT count(*) FROM t0");
  },
}));

describeWithSqld("a server that is a replica of another, and copies it a moment later", () => {
  test("is migrated at its primary, and each run tells where that is", async () => {
    const primary = await startSqld({ single: true });
    onTestFinished(async () => await primary.dispose());
    const replica = await startSqld({ single: true, primary });
    onTestFinished(async () => await replica.dispose());
    const run = async (host: string) => {
      const events: RunEvent[] = [];
      const migrator = createMigrator({
        driver: libsql({ url: `http://${host}` }),
        revisions,
        onEvent: (event) => void events.push(event),
      });
      try {
        const { headsAfter } = await migrator.upgrade("+1");
        return { headsAfter, warnings: events.filter(({ kind }) => kind === "warning") };
      } finally {
        await migrator.close();
      }
    };
    for (let index = 0; index < count; index += 1) {
      // By turns, so that the replica is behind when it is asked first.
      const host = index % 2 === 0 ? primary.host : replica.host;
      const told = await run(host);
      expect(told).toEqual({ headsAfter: [expect.stringMatching(/^r\d$/u)], warnings: [] });
    }
    const migrator = createMigrator({ driver: libsql({ url: `http://${replica.host}` }), revisions });
    onTestFinished(async () => await migrator.close());
    expect((await migrator.upgrade()).headsAfter).toEqual([`r${count - 1}`]);
  });
});
