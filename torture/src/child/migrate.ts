// One migration in a process of its own: `node migrate.ts <request as JSON>`.
import { writeFileSync } from "node:fs";
import { createMigrator, type RunEvent } from "@skillmeat/migrate-core";
import { openDriver } from "../cases/open-driver.ts";
import { findCase } from "../cases/migration-cases.ts";
import { applyDouble } from "../doubles/doubles.ts";
import type { MigrateRequest } from "./protocol.ts";
import { exitCodeOf, reportRun } from "./report-run.ts";

const request: MigrateRequest = JSON.parse(process.argv[2] ?? "");
const { revisions, command } = findCase(request.caseName);
const { database: path, journalMode } = request;
const events: RunEvent[] = [];
const migrator = createMigrator({
  driver: applyDouble(request.double, openDriver(path, journalMode), path),
  revisions,
  onEvent: (event) => events.push(event),
});
const report = await reportRun(migrator, command, events);
if (request.acknowledgement !== undefined && report.kind === "done")
  writeFileSync(request.acknowledgement, "");
switch (request.ending) {
  case "kill":
    process.kill(process.pid, "SIGKILL");
    break;
  case "throw":
    throw new Error("the program fails after its migration");
  case "exit":
    process.exit(exitCodeOf(report));
    break;
  case "close":
    await migrator.close();
    process.exitCode = exitCodeOf(report);
}
