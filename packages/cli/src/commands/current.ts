import { renderEntryLine } from "@skillmeat/migrate-core";
import { presentEntries, renderBlocks } from "../output/present-entries.ts";
import { reportFailure } from "../output/report-failure.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `current` */
export const current: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const { output, arguments: parsed } = invocation;
    const { migrator, database } = project;
    const entries = await migrator.describeCurrent();
    const missing = project.isMissing();
    if (entries.length === 0)
      output.talk(missing ? `${database}: (no database)` : `${database}: at base, no revision is applied`);
    const rows = await migrator.current();
    const heads = rows.map((row) => entries.find(({ replaces }) => replaces.at(-1) === row)?.revision ?? row);
    const old = rows.filter((row) => !heads.includes(row));
    if (old.length > 0)
      output.talk(`${database}: its version table still says ${old.join(", ")}; an upgrade writes it anew`);
    const finding = {
      text: output.mode.verbose
        ? [`Current revision(s) for ${database}:`, ...renderBlocks(entries)].join("\n")
        : entries.map((entry) => renderEntryLine(entry, { tree: true })).join("\n"),
      document: {
        command: "current",
        database,
        exists: !missing,
        heads: heads.toSorted(),
        revisions: entries,
      },
    };
    if (!parsed.switches.has("check-heads")) return await presentEntries(output, migrator, finding);
    const [pending] = (await migrator.check({ checks: ["pending"] })).findings;
    if (pending !== undefined) return reportFailure(output, pending, finding);
    output.present(finding);
    return 0;
  });
