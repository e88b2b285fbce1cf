// Prints the line that `.ci/run` ends with: `node tools/src/count-tests.ts`.
// Exit code 0 only when every package with tests has a report, at least one test ran in each, and none failed.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { renderCounts, sumReports, type TestReport } from "./sum-reports.ts";
import { listWorkspace, repositoryRoot } from "./workspace-folders.ts";

const reports: TestReport[] = [];
for (const { path, manifest } of listWorkspace()) {
  if (manifest.scripts?.["test"] === undefined) continue;
  const file = join(path, "node_modules", ".cache", "test-report.json");
  if (!existsSync(file)) {
    fail(`${manifest.name} has no test report at ${relative(repositoryRoot, file)}: its tests did not run`);
    continue;
  }
  const report: TestReport = JSON.parse(readFileSync(file, "utf8"));
  const { passed, failed } = sumReports([report]);
  if (passed + failed === 0) fail(`${manifest.name} ran no test`);
  if (!report.success) fail(`${manifest.name} failed`);
  reports.push(report);
}
const counts = sumReports(reports);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
console.log(renderCounts(counts));

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
