import { createMigrator, type MigratorOptions } from "../commands/create-migrator.ts";
import type { VerifyOptions } from "../commands/verify/verify.ts";
import type { VerifyFinding } from "../commands/verify/verify-finding.ts";

export interface TestRevisionsOptions extends VerifyOptions, Pick<MigratorOptions, "revisions" | "schema"> {
  /** Makes an empty database in memory with each connection, such as `betterSqlite3(":memory:")`. */
  readonly driver: MigratorOptions["driver"];
  readonly versionTable?: string;
  /** Whether a finding is as it shall be, and fails nothing. */
  readonly accept?: (finding: VerifyFinding) => boolean;
  /** `true`: warnings fail as errors do. */
  readonly strict?: boolean;
  test(title: string, body: () => Promise<void>): unknown;
}

/**
 * Registers tests of a project's revisions with the test runner of the caller: every revision goes up, down and
 * up again in memory, and, where a schema is declared, all of them together make it.
 *
 * @example
 * import { test } from "vitest";
 * import { testRevisions } from "@skillmeat/migrate-core/testkit";
 * import { betterSqlite3 } from "@skillmeat/migrate-driver-better-sqlite3";
 *
 * testRevisions({ test, driver: betterSqlite3(":memory:"), revisions: "./migrations" });
 */
export function testRevisions(options: TestRevisionsOptions): void {
  options.test("every revision goes up, down and up again", async () => {
    const findings = await findFaults(options);
    if (findings.length > 0) throw new Error(findings.map(describeFinding).join("\n"));
  });
  if (options.schema === undefined) return;
  options.test("the revisions make the declared schema", async () => {
    const migrator = createMigrator(migratorOptions(options));
    try {
      const { differences } = await migrator.diff();
      if (differences.length > 0) throw new Error(`they do not; to make it so: ${differences.join("; ")}`);
    } finally {
      await migrator.close();
    }
  });
}

async function findFaults(options: TestRevisionsOptions): Promise<readonly VerifyFinding[]> {
  const { fill, seed, strict = false, accept = () => false } = options;
  const migrator = createMigrator(migratorOptions(options));
  try {
    const { findings } = await migrator.verify({
      ...(fill === undefined ? {} : { fill }),
      ...(seed === undefined ? {} : { seed }),
    });
    return findings.filter((finding) => (strict || finding.severity === "error") && !accept(finding));
  } finally {
    await migrator.close();
  }
}

function migratorOptions(options: TestRevisionsOptions): MigratorOptions {
  const { driver, revisions, schema, versionTable } = options;
  return {
    driver,
    scratch: driver,
    revisions,
    ...(schema === undefined ? {} : { schema }),
    ...(versionTable === undefined ? {} : { versionTable }),
  };
}

function describeFinding({ revision, way, kind, message }: VerifyFinding): string {
  return `revision "${revision}"${way === null ? "" : `, going ${way}`}: ${kind}: ${message}`;
}
