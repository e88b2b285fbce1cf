import { setTimeout as sleep } from "node:timers/promises";

/** A database on a server, as this benchmark addresses it by hand. */
export interface RawDatabase {
  readonly host: string;
  readonly namespace: string;
}

/** What a migration by hand runs for the same 30 statements, with the version row. */
export function rawMigration(statements: readonly string[], revision: string): readonly string[] {
  return [
    "BEGIN IMMEDIATE",
    "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    ...statements,
    `INSERT INTO alembic_version VALUES ('${revision}')`,
    "COMMIT",
  ];
}

/** Sends statements as one batch in one request, each only if the one before succeeded. A 404 is tried again. */
export async function sendRaw(database: RawDatabase, statements: readonly string[]): Promise<void> {
  const steps = statements.map((sql, index) => ({
    stmt: { sql, want_rows: true },
    ...(index === 0 ? {} : { condition: { type: "ok", step: index - 1 } }),
  }));
  const body = JSON.stringify({
    baton: null,
    requests: [{ type: "batch", batch: { steps } }, { type: "close" }],
  });
  for (let tries = 0; ; tries += 1) {
    const response = await fetch(`http://${database.host}/v3/pipeline`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-namespace-bin": Buffer.from(database.namespace).toString("base64").replace(/=+$/u, ""),
      },
      body,
    });
    const text = await response.text();
    if (response.status === 404 && tries < 5) await sleep(50);
    else if (response.status === 200 && !text.includes('"step_errors":[{')) return;
    else throw new Error(`the server answered ${response.status}: ${text.slice(0, 300)}`);
  }
}
