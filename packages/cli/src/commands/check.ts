import type { CheckName, CheckResult, MigrationError } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import { showHeads } from "../output/phrases.ts";
import type { Finding, Output } from "../output/output.ts";
import { reportFailure } from "../output/report-failure.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** What each check says when it finds nothing. */
const meanings: Readonly<Record<CheckName, string>> = {
  pending: "all revisions are applied",
  edited: "none was edited afterwards, as far as there is a journal",
  heads: "the revisions do not fork",
  schema: "the revisions make the declared schema",
  drift: "the database holds what its revisions make",
  snapshot: "the snapshot makes what its revisions make",
};

const withoutDatabase: ReadonlySet<CheckName> = new Set(["heads", "schema", "snapshot"]);

/** `check`: whether database, revisions and declared schema agree. */
export const check: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database }) => {
    const { output } = invocation;
    const checks = readChecks(invocation);
    const result = await migrator.check(checks === undefined ? {} : { checks });
    return report(output, { database, result });
  });

function readChecks({ arguments: parsed }: Invocation): readonly CheckName[] | undefined {
  return parsed.values.get("only")?.map((word) => {
    if (isCheckName(word)) return word;
    throw usageError(
      `option --only has the value "${word}", expected ${Object.keys(meanings).join(", ")}`,
      "repeat the option for several of them",
    );
  });
}

function isCheckName(word: string): word is CheckName {
  return Object.hasOwn(meanings, word);
}

function report(
  output: Output,
  { database, result }: { readonly database: string; readonly result: CheckResult },
): number {
  const { upToDate, heads, pending, checked, findings } = result;
  const document = {
    command: "check",
    database,
    checked,
    upToDate,
    heads,
    pending,
    findings: findings.map(describe),
  };
  const [first, ...others] = findings;
  if (first === undefined) {
    output.talk(`checked: ${checked.map((name) => meanings[name]).join("; ")}`);
    const needsDatabase = checked.some((name) => !withoutDatabase.has(name));
    output.present({ text: needsDatabase ? `ok: ${database} is at ${showHeads(heads)}` : "ok", document });
    return 0;
  }
  const finding: Finding = { text: "", document };
  const exit = reportFailure(output, first, finding);
  if (!output.mode.json) for (const other of others) reportFailure(output, other);
  return exit;
}

function describe({ code, message, details, hint }: MigrationError): object {
  return { code, message, details, hint: hint ?? null };
}
