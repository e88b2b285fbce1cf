import { onTestFinished } from "vitest";
import { createMigrator, type Migrator, type MigratorOptions, type Revision } from "@skillmeat/migrate-core";
import { openDriver } from "./temporary-database.ts";

/** A migrator with a scratch database; its history begins with a revision that runs a script. */
export function comparingMigrator(
  from: string,
  options: Partial<MigratorOptions> = {},
  more: readonly Revision[] = [],
): Migrator {
  const migrator = createMigrator({
    driver: openDriver(":memory:"),
    revisions: [
      {
        revision: "so_far",
        downRevision: null,
        upgrade: (op) => {
          if (from !== "") op.executeScript(from);
        },
      },
      ...more,
    ],
    ...options,
  });
  onTestFinished(async () => {
    await migrator.close();
  });
  return migrator;
}
