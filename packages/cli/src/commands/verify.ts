import { MigrationError, type VerifyFinding, type VerifyResult } from "@skillmeat/migrate-core";
import type { Finding } from "../output/output.ts";
import { showCount } from "../output/phrases.ts";
import { reportFailure } from "../output/report-failure.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `verify`: takes every revision up, down and up again in memory. The database is not opened. */
export const verify: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator }) => {
    const { output, arguments: parsed } = invocation;
    const result = await migrator.verify({ fill: !parsed.switches.has("no-rows") });
    const counts = countFindings(result, parsed.switches.has("strict"));
    const finding: Finding = {
      text: [...result.findings.map(describeFinding), summarize(result)].join("\n"),
      document: { command: "verify", ...result },
    };
    if (counts.faults > 0) return reportFailure(output, verifyError(result, counts.faults), finding);
    output.present(finding);
    return 0;
  });

function countFindings({ findings }: VerifyResult, strict: boolean) {
  return { faults: findings.filter(({ severity }) => strict || severity === "error").length };
}

function describeFinding({ severity, revision, way, kind, message }: VerifyFinding): string {
  return `${severity} ${kind}: revision ${revision}${way === null ? "" : `, going ${way}`}: ${message}`;
}

function summarize({ revisions, findings }: VerifyResult): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return `${showCount(revisions.length, "revision")} tried up, down and up again: ${showCount(errors, "error")}, ${showCount(findings.length - errors, "warning")}`;
}

function verifyError({ findings }: VerifyResult, faults: number): MigrationError {
  const ids = [...new Set(findings.map(({ revision }) => revision))];
  return new MigrationError(
    "SKM_VERIFY",
    `${showCount(faults, "fault")} in ${showCount(ids.length, "revision")}: ${ids.slice(0, 10).join(", ")}${ids.length > 10 ? ", …" : ""}`,
    { details: { revisions: ids }, hint: "correct the revisions before they are applied anywhere" },
  );
}
