import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { libsql, type LibsqlOptions } from "../../src/index.ts";
import { describeWithSqld, startSqld, type SqldServer } from "../../../../tools/src/sqld/sqld-server.ts";

/** Makes options for an empty database of its own. */
export type FreshDatabase = () => Promise<LibsqlOptions>;

/** Describes something once for files, which need no server, and once for each way to talk to one. */
export function describeEverywhere(
  title: string,
  body: (fresh: FreshDatabase, isRemote: boolean) => void,
): void {
  describe(`${title}, in a file`, () => {
    const directory = mkdtempSync(join(tmpdir(), "skm-libsql-"));
    let files = 0;
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    body(async () => ({ url: join(directory, `${(files += 1)}.db`) }), false);
  });
  for (const scheme of ["http", "ws"]) {
    describeWithServer(`${title}, over ${scheme}`, (server) => {
      body(async () => {
        return { url: `${scheme}://${server().host}`, namespace: await server().createNamespace() };
      }, true);
    });
  }
}

/** Describes something with one server for all its tests. */
export function describeWithServer(title: string, body: (server: () => SqldServer) => void): void {
  describeWithSqld(title, () => {
    let started: SqldServer | undefined;
    beforeAll(async () => {
      started = await startSqld();
    });
    afterAll(async () => await started?.dispose());
    body(() => {
      if (started === undefined) throw new Error("the server has not started yet");
      return started;
    });
  });
}

/** Reads one statement with a connection of its own, all values in one list. */
export async function readValues(options: LibsqlOptions, sql: string): Promise<readonly unknown[]> {
  const connection = await libsql(options).connect({ readOnly: true });
  try {
    return (await connection.query({ sql })).rows.flat();
  } finally {
    await connection.close();
  }
}
