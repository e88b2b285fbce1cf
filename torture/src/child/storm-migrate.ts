// One of many processes that migrate the same database at the same time: `node storm-migrate.ts <request>`.
// It loads everything, says that it is ready, and starts at the time that it is then told.
import { appendFileSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createMigrator, type RunEvent } from "@skillmeat/migrate-core";
import { openDriver } from "../cases/open-driver.ts";
import { applyDouble } from "../doubles/doubles.ts";
import { stormRevisions } from "../storm/storm-revisions.ts";
import { exitCodeOf, reportRun } from "./report-run.ts";
import { readyLine, type StormRequest } from "./storm-protocol.ts";
import { waitForLine } from "./wait-for-line.ts";

const request: StormRequest = JSON.parse(process.argv[2] ?? "");
const { database: path, journalMode, journal } = request;
let ran: readonly string[] = [];
const listen = (event: RunEvent): void => {
  if (event.kind === "step-end") ran = [...ran, event.step.revision];
  if (event.kind !== "commit") return;
  appendFileSync(journal, ran.map((revision) => `${revision}\n`).join(""));
  ran = [];
};
const migrator = createMigrator({
  driver: applyDouble(request.double, openDriver(path, journalMode), path),
  revisions: stormRevisions,
  onEvent: listen,
});
await rehearse();
writeSync(1, `${readyLine}\n`);
await wait(Number(await waitForLine()) - Date.now());
const report = await reportRun(migrator, { kind: "upgrade", target: "head" }, []);
await migrator.close();
process.exit(exitCodeOf(report));

/** Loads the engine and all code that a run needs, so that nothing but the run itself is left to be done. */
async function rehearse(): Promise<void> {
  const driver = openDriver(":memory:", "delete");
  const rehearsal = createMigrator({ driver, revisions: stormRevisions });
  await rehearsal.upgrade();
  await rehearsal.close();
}
