import type { Adoption, FoundTool } from "@skillmeat/migrate-core";
import { readRevision } from "../arguments/read-revision.ts";
import { showCount, showHeads } from "../output/phrases.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `adopt [revision]...` */
export const adopt: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database }) => {
    const { output, arguments: parsed } = invocation;
    const target = parsed.operands.map((word) => readRevision(word));
    const adoption = await migrator.adopt({
      ...(target.length === 0 ? {} : { target }),
      exclude: parsed.values.get("exclude") ?? [],
      purge: parsed.switches.has("purge"),
      dryRun: parsed.switches.has("dry-run"),
    });
    for (const tool of adoption.tools) output.talk(describeTool(tool));
    output.talk(`${database}: ${describeAdoption(adoption)}`);
    output.present({ text: "", document: { command: "adopt", database, ...adoption } });
    return 0;
  });

function describeTool({ tool, table, applied, last, unfinished }: FoundTool): string {
  if (applied === null) return `found ${table}, which is not as ${tool} makes it`;
  const newest = last === null ? "" : `, the last is ${last}`;
  const open = unfinished === 0 ? "" : `; ${showCount(unfinished, "migration")} did not end well`;
  return `found ${table} of ${tool}: ${showCount(applied, "migration")} applied${newest}${open}; the table stays`;
}

function describeAdoption({ outcome, heads }: Adoption): string {
  const place = showHeads(heads);
  switch (outcome) {
    case "stamped":
      return `its schema is that of ${place}; stamped`;
    case "confirmed":
      return `its schema is that of ${place}, where it is stamped already`;
    case "proven":
      return `its schema is that of ${place}; nothing was written`;
  }
}
