import { writeSync } from "node:fs";
import { isMigrationError, type Migrator, type RunEvent, type RunResult } from "@skillmeat/migrate-core";
import type { MigrationCommand } from "../cases/migration-case.ts";
import type { MigrateReport } from "./protocol.ts";

/** Runs the command and says at once how it went: a process that dies later has then committed itself. */
export async function reportRun(
  migrator: Migrator,
  command: MigrationCommand,
  events: readonly RunEvent[],
): Promise<MigrateReport> {
  const report = await runCommand(migrator, command, events);
  writeSync(1, `${JSON.stringify(report)}\n`);
  return report;
}

async function runCommand(
  migrator: Migrator,
  command: MigrationCommand,
  events: readonly RunEvent[],
): Promise<MigrateReport> {
  try {
    const { outcome } = await start(migrator, command);
    return {
      kind: "done",
      outcome,
      warnings: events.flatMap((event) => (event.kind === "warning" ? event.code : [])),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!isMigrationError(error))
      return { kind: "failed", code: "not a MigrationError", exitCode: 1, message };
    return { kind: "failed", code: error.code, exitCode: error.exitCode, message };
  }
}

async function start(migrator: Migrator, { kind, target }: MigrationCommand): Promise<RunResult> {
  return kind === "upgrade" ? await migrator.upgrade(target) : await migrator.downgrade(target);
}

/** The exit code that the command line gives this outcome. */
export function exitCodeOf(report: MigrateReport): number {
  return report.kind === "done" ? 0 : report.exitCode;
}
