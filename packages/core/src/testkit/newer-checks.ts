import assert from "node:assert/strict";
import { isMigrationError } from "../errors/migration-error.ts";
import type { Revision } from "../script/revision.ts";
import { withTransactions, type Check, type CheckContext } from "./check.ts";
import { assertRowsKept, chain, migrate, readOnce } from "./example-migration.ts";

const additive: Revision = {
  revision: "004_additive",
  downRevision: "003_column",
  minimumReader: "003_column",
  upgrade: (op) => op.addColumn("parent", { name: "more", type: "TEXT" }),
  downgrade: (op) => op.dropColumn("parent", "more"),
};
const alsoAdditive: Revision = {
  revision: "005_asks",
  downRevision: "004_additive",
  minimumReader: "003_column",
  upgrade: async (op) => {
    await op.query("SELECT 1 AS one");
    op.execute("CREATE TABLE extra (x)");
  },
  downgrade: (op) => op.dropTable("extra"),
};
const breaking: Revision = {
  revision: "006_breaking",
  downRevision: "004_additive",
  upgrade: (op) => op.dropColumn("parent", "note"),
  downgrade: (op) => op.addColumn("parent", { name: "note", type: "TEXT", nullable: false, default: "" }),
};
const newer: readonly Revision[] = [...chain, additive];
const told = "SELECT revision, minimum_readers, readers FROM skillmeat_readers";

const upgradeNew = async (context: CheckContext, revisions: readonly Revision[]): Promise<unknown> =>
  await migrate(context, { revisions }, async (migrator) => await migrator.upgrade());

interface OldRun {
  /** How it ended well, or the code of its error. */
  readonly outcome: string;
  readonly headsAfter: readonly string[];
}

/** What the old release does, which ends with the third revision. */
const upgradeOld = async (context: CheckContext, accepts: "refuse" | "allow"): Promise<OldRun> =>
  await migrate(context, { revisions: chain, newer: accepts }, async (migrator) => {
    return await migrator.upgrade().catch((error: unknown) => {
      assert.ok(isMigrationError(error), "it must fail with a MigrationError");
      return { outcome: error.code, headsAfter: [] };
    });
  });

/** Releases of one program that meet in one database: the old one ends with the third revision. */
export const newerChecks: readonly Check[] = [
  {
    name: "newer.additive-is-opened-as-it-is-by-those-who-ask-for-it",
    run: async (context) => {
      await upgradeOld(context, "refuse");
      await upgradeNew(context, newer);
      const rows = [["004_additive", '["003_column"]', '["003_column","004_additive"]']];
      assert.deepEqual(await readOnce(context, told), rows);
      assert.deepEqual(
        { outcome: "newer", headsAfter: ["004_additive"] },
        pick(await upgradeOld(context, "allow")),
      );
      assert.equal((await upgradeOld(context, "refuse")).outcome, "SKM_DATABASE_NEWER");
      assert.deepEqual(await readOnce(context, told), rows);
      await assertRowsKept(context);
    },
  },
  {
    name: "newer.breaking-is-refused",
    run: async (context) => {
      await upgradeNew(context, [...newer, breaking]);
      for (const accepts of ["allow", "refuse"] as const)
        assert.equal((await upgradeOld(context, accepts)).outcome, "SKM_DATABASE_NEWER");
      assert.deepEqual(await readOnce(context, told), [
        ["006_breaking", '["006_breaking"]', '["006_breaking"]'],
      ]);
      await migrate(
        context,
        { revisions: [...newer, breaking] },
        async (migrator) => await migrator.downgrade("-1"),
      );
      assert.equal((await upgradeOld(context, "allow")).outcome, "newer");
    },
  },
  {
    name: "newer.is-noted-by-a-revision-that-asks-the-database",
    applies: withTransactions,
    run: async (context) => {
      await upgradeNew(context, [...newer, alsoAdditive]);
      assert.deepEqual(pick(await upgradeOld(context, "allow")), {
        outcome: "newer",
        headsAfter: ["005_asks"],
      });
    },
  },
  {
    name: "newer.and-older-that-start-at-once-both-succeed",
    run: async (context) => {
      const runs = await Promise.all([
        upgradeOld(context, "allow"),
        upgradeNew(context, newer),
        upgradeOld(context, "allow"),
      ]);
      for (const old of [runs[0], runs[2]])
        assert.ok(["applied", "nothing-to-do", "newer"].includes(old.outcome), old.outcome);
      assert.equal((await upgradeOld(context, "allow")).outcome, "newer");
      await assertRowsKept(context);
    },
  },
];

const pick = ({ outcome, headsAfter }: OldRun): OldRun => ({ outcome, headsAfter });
