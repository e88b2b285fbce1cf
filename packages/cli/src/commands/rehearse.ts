import { resolve } from "node:path";
import { MigrationError, type Rehearsal, type RehearsedStep, type RowChange } from "@skillmeat/migrate-core";
import { readRevision } from "../arguments/read-revision.ts";
import type { Finding } from "../output/output.ts";
import { showCount, showDuration, showHeads, showNumber } from "../output/phrases.ts";
import { reportFailure } from "../output/report-failure.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `rehearse [revision]`: tries an upgrade and the way back on a copy. */
export const rehearse: Command = async (invocation) => {
  const { arguments: parsed, output, cwd } = invocation;
  const target = readRevision(parsed.operands[0] ?? "head");
  return await withProject(invocation, async ({ migrator, database }) => {
    const directory = parsed.values.get("directory")?.[0];
    const rehearsal = await migrator.rehearse(target, {
      downgrade: !parsed.switches.has("no-downgrade"),
      ...(directory === undefined ? {} : { directory: resolve(cwd, directory) }),
    });
    const finding: Finding = {
      text: describeRehearsal(rehearsal),
      document: { command: "rehearse", database, target, ...rehearsal },
    };
    const faults = countFaults(rehearsal, parsed.switches.has("strict"));
    if (faults > 0) return reportFailure(output, rehearsalError(rehearsal, faults), finding);
    output.present(finding);
    if (rehearsal.steps.length > 0) output.talk(`${database}: only read; the copy is deleted`);
    return 0;
  });
};

function countFaults({ findings, warnings }: Rehearsal, strict: boolean): number {
  if (strict) return findings.length + warnings.length;
  return findings.filter(({ severity }) => severity === "error").length;
}

function describeRehearsal(rehearsal: Rehearsal): string {
  const { steps, changes, warnings, findings, headsBefore, headsAfter } = rehearsal;
  if (steps.length === 0 && findings.length === 0) return `nothing to rehearse, at ${showHeads(headsBefore)}`;
  return [
    ...steps.map(describeStep),
    ...changes.map((change) => `schema: ${change}`),
    ...warnings.map(({ code, message }) => `warning ${code}: ${message}`),
    ...findings.map(
      ({ severity, kind, revision, way, message }) =>
        `${severity} ${kind}: revision ${revision}, going ${way ?? "up and down"}: ${message}`,
    ),
    `from ${showHeads(headsBefore)} to ${showHeads(headsAfter)}: ${showCount(changes.length, "change")} of the schema`,
  ].join("\n");
}

function describeStep({ kind, revision, durationMs, statements, rows }: RehearsedStep): string {
  const changed = rows.length === 0 ? "no change in the number of rows" : rows.map(describeRows).join(", ");
  return `${kind} ${revision}: ${showDuration(durationMs)}, ${showCount(statements, "statement")}, ${changed}`;
}

function describeRows({ table, before, after }: RowChange): string {
  if (before === null) return `${table} made with ${showRows(after ?? 0)}`;
  if (after === null) return `${table} dropped with ${showRows(before)}`;
  return `${table} from ${showNumber(before)} to ${showRows(after)}`;
}

const showRows = (rows: number): string => `${showNumber(rows)} ${rows === 1 ? "row" : "rows"}`;

function rehearsalError({ findings, warnings }: Rehearsal, faults: number): MigrationError {
  const [first] = findings.length > 0 ? findings : warnings;
  return new MigrationError(
    "SKM_REHEARSAL",
    `the rehearsal found ${showCount(faults, "fault")}: ${first?.message ?? ""}`,
    {
      details: { findings, warnings },
      hint: "the database was only read; correct the revisions, then rehearse again",
    },
  );
}
