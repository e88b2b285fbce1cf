import {
  isMigrationError,
  type Migrator,
  renderEntryLine,
  type RevisionEntry,
} from "@skillmeat/migrate-core";
import type { Finding } from "../output/output.ts";
import { presentEntries, renderBlocks } from "../output/present-entries.ts";
import { reportFailure } from "../output/report-failure.ts";
import { withProject, type Project } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `current` */
export const current: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const { output, arguments: parsed } = invocation;
    const { migrator, database } = project;
    const found = await findCurrent(migrator);
    const missing = project.isMissing();
    if (found.heads.length === 0)
      output.talk(missing ? `${database}: (no database)` : `${database}: at base, no revision is applied`);
    if (found.old.length > 0)
      output.talk(
        `${database}: its version table still says ${found.old.join(", ")}; an upgrade writes it anew`,
      );
    if (found.newer.length > 0)
      output.talk(`${database}: newer than the revision files, which may open it and not change it`);
    const finding = describe(project, found, output.mode.verbose);
    if (!parsed.switches.has("check-heads")) return await presentEntries(output, migrator, finding);
    const [pending] = (await migrator.check({ checks: ["pending"] })).findings;
    if (pending !== undefined) return reportFailure(output, pending, finding);
    output.present(finding);
    return 0;
  });

interface Current {
  readonly heads: readonly string[];
  readonly entries: readonly RevisionEntry[];
  /** Rows that name what a revision replaces. */
  readonly old: readonly string[];
  /** Heads that only a newer version of the program knows. */
  readonly newer: readonly string[];
}

/** Where the revisions may open a newer database, its heads can be told, although nothing is known about them. */
async function findCurrent(migrator: Migrator): Promise<Current> {
  try {
    const entries = await migrator.describeCurrent();
    return { entries, ...translate(entries, await migrator.current()), newer: [] };
  } catch (error) {
    if (!isMigrationError(error, "SKM_DATABASE_NEWER") || error.details["readable"] !== true) throw error;
    const standing = await migrator.standing();
    if (standing.kind !== "newer") throw error;
    const { heads, unknown } = standing;
    const entries = await migrator.describe(heads.filter((head) => !unknown.includes(head)));
    return { entries, ...translate(entries, heads), newer: unknown };
  }
}

/** Rows at the end of what a revision replaces stand for that one. */
function translate(
  entries: readonly RevisionEntry[],
  rows: readonly string[],
): Pick<Current, "heads" | "old"> {
  const heads = rows.map((row) => entries.find(({ replaces }) => replaces.at(-1) === row)?.revision ?? row);
  return { heads: heads.toSorted(), old: rows.filter((row) => !heads.includes(row)) };
}

function describe(project: Project, { heads, entries, newer }: Current, isVerbose: boolean): Finding {
  const { database } = project;
  const unknown = newer.map((id) => `${id} (newer)`);
  const lines = [
    ...(isVerbose
      ? [`Current revision(s) for ${database}:`, ...renderBlocks(entries)]
      : entries.map((entry) => renderEntryLine(entry, { tree: true }))),
    ...unknown,
  ];
  return {
    text: lines.join("\n"),
    document: {
      command: "current",
      database,
      exists: !project.isMissing(),
      heads,
      revisions: entries,
      newer,
    },
  };
}
