import { createMigrator } from "../../src/index.ts";
import type { Driver } from "../../src/driver/index.ts";
import { judgeCase, revisionOf } from "./judge-case.ts";
import type { VectorCase } from "./vector-case.ts";

/**
 * Runs a recorded case with a driver of files and judges the file that it leaves behind.
 *
 * @returns what is wrong, `null` when nothing is.
 */
export async function runCase(driver: Driver, path: string, one: VectorCase): Promise<unknown> {
  await prepare(driver, one);
  const failure = await migrate(driver, one);
  const problem: unknown = judgeCase(path, one, failure);
  if (problem === null) return null;
  return { problem, failure: failure instanceof Error ? failure.message : failure };
}

async function prepare(driver: Driver, one: VectorCase): Promise<void> {
  const connection = await driver.connect();
  try {
    const statements = [...one.before, ...one.seed].filter((sql) => !sql.startsWith("PRAGMA foreign_keys"));
    await connection.unit(
      statements.map((sql) => ({ sql })),
      { foreignKeys: "suspended" },
    );
  } finally {
    await connection.close();
  }
}

async function migrate(driver: Driver, one: VectorCase): Promise<unknown> {
  const foreignKeys = one.foreign_keys ? "enforced" : "suspended";
  const migrator = createMigrator({ driver, revisions: [revisionOf(one)], foreignKeys });
  try {
    await migrator.upgrade();
    return null;
  } catch (error) {
    return error;
  } finally {
    await migrator.close();
  }
}
