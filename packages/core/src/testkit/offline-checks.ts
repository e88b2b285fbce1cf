import assert from "node:assert/strict";
import type { Statement } from "../driver/statement.ts";
import { scanStatement } from "../driver/scan-statement.ts";
import { splitStatements } from "../sql/split-statements.ts";
import { withScratch, type Check, type CheckContext } from "./check.ts";
import { assertRowsKept, chain, migrate, readOnce, schema, upgradeAll } from "./example-migration.ts";
import { rejectsWith } from "./assert-driver-error.ts";

const writeScript = async (context: CheckContext, range: string): Promise<string> =>
  await migrate(context, { revisions: chain }, async (migrator) => await migrator.sql(range));

interface Transaction {
  readonly foreignKeys: "enforced" | "suspended";
  readonly steps: readonly Statement[];
}

/** The transactions of a script, each with the setting that the script makes before it. */
function readTransactions(script: string): readonly Transaction[] {
  const transactions: Transaction[] = [];
  let foreignKeys: Transaction["foreignKeys"] = "enforced";
  let steps: Statement[] | undefined;
  for (const sql of splitStatements(script)) {
    const [first, second] = scanStatement(sql).words;
    if (first === "PRAGMA" && second === "FOREIGN_KEYS") {
      foreignKeys = /\bOFF\s*$/i.test(sql) ? "suspended" : "enforced";
    } else if (first === "BEGIN") {
      steps = [];
    } else if (first === "COMMIT") {
      transactions.push({ foreignKeys, steps: steps ?? [] });
      steps = undefined;
    } else {
      assert.ok(steps, `the script has a statement outside a transaction: ${sql}`);
      steps.push({ sql });
    }
  }
  assert.equal(steps, undefined, "the script does not end its transaction");
  return transactions;
}

async function runScript(context: CheckContext, script: string): Promise<void> {
  const transactions = readTransactions(script);
  assert.notEqual(transactions.length, 0);
  const connection = await context.connect();
  for (const { steps, foreignKeys } of transactions) await connection.unit(steps, { foreignKeys });
  await connection.close();
}

const versions = "SELECT version_num FROM alembic_version";

export const offlineChecks: readonly Check[] = [
  {
    name: "offline.scripts-down-and-up-end-like-the-runs",
    applies: withScratch,
    run: async (context) => {
      await upgradeAll(context);
      const wanted = await readOnce(context, schema);
      await runScript(context, await writeScript(context, "head:base"));
      assert.deepEqual(await readOnce(context, schema), []);
      assert.deepEqual(await readOnce(context, versions), []);
      await runScript(context, await writeScript(context, "base:head"));
      assert.deepEqual(await readOnce(context, schema), wanted);
      assert.deepEqual(await readOnce(context, versions), [["003_column"]]);
      await assertRowsKept(context);
    },
  },
  {
    name: "offline.a-script-of-a-rebuild-keeps-children",
    applies: withScratch,
    run: async (context) => {
      await migrate(context, { revisions: chain }, async (migrator) => await migrator.upgrade("001_tables"));
      for (const range of ["001_tables:head", "head:001_tables"]) {
        await runScript(context, await writeScript(context, range));
        await assertRowsKept(context);
      }
    },
  },
  {
    name: "offline.a-script-for-another-revision-changes-nothing",
    applies: withScratch,
    run: async (context) => {
      const script = await writeScript(context, "base:head");
      await upgradeAll(context);
      const before = await readOnce(context, schema);
      const [transaction] = readTransactions(script);
      assert.ok(transaction);
      const { steps, foreignKeys } = transaction;
      const connection = await context.connect();
      await rejectsWith(connection.unit(steps, { foreignKeys }), { kind: "sql", outcome: "rolled-back" });
      await connection.close();
      assert.deepEqual(await readOnce(context, schema), before);
      assert.deepEqual(await readOnce(context, versions), [["003_column"]]);
    },
  },
];
