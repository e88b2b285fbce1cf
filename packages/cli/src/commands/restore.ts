import { resolve } from "node:path";
import { MigrationError } from "@skillmeat/migrate-core";
import { showCount, showHeads, showNumber } from "../output/phrases.ts";
import { backupOptions } from "../project/backup-options.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject, type Project } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `restore <file>` */
export const restore: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const { output, arguments: parsed, cwd } = invocation;
    const { migrator, database, loaded } = project;
    const path = resolve(cwd, parsed.operands[0] ?? "");
    if (!project.isMissing()) assertWanted(invocation, project);
    const { replaced, removed, heads, tables, rows } = await migrator.restore(path, {
      ...backupOptions(loaded),
      backup: !parsed.switches.has("no-backup"),
    });
    output.talk(
      `${database}: restored ${showCount(tables, "table")} with ${showNumber(rows)} ${rows === 1 ? "row" : "rows"}, now at ${showHeads(heads)}`,
    );
    if (replaced !== null) output.talk(`what was replaced is in ${replaced}`);
    for (const older of removed) output.talk(`deleted the older backup ${older}`);
    output.present({
      text: "",
      document: { command: "restore", database, path, replaced, removed, heads, tables, rows },
    });
    return 0;
  });

/** Everything in the database goes; that is worth a question. */
function assertWanted({ arguments: parsed, terminal }: Invocation, { database }: Project): void {
  if (parsed.switches.has("yes")) return;
  if (terminal.isInteractive) {
    const answer = terminal.ask(`Replace everything in ${database}? [y/N] `);
    if (/^\s*y(?:es)?\s*$/iu.test(answer ?? "")) return;
  }
  throw new MigrationError("SKM_DESTRUCTIVE", `restoring would replace everything in ${database}`, {
    hint: "confirm with --yes; what is replaced is backed up first",
  });
}
