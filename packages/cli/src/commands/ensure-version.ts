import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `ensure-version` */
export const ensureVersion: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database }) => {
    const created = await migrator.ensureVersion();
    const { output } = invocation;
    output.talk(`${database}: ${created ? "created the version table" : "the version table is there"}`);
    output.present({ text: "", document: { command: "ensure-version", database, created } });
    return 0;
  });
