import { resolve } from "node:path";
import { showBytes, showHeads } from "../output/phrases.ts";
import { backupOptions } from "../project/backup-options.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `backup [file]` */
export const backup: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database, loaded }) => {
    const { output, arguments: parsed, cwd } = invocation;
    const [file] = parsed.operands;
    const result = await migrator.backup({
      ...backupOptions(loaded),
      ...(file === undefined ? {} : { path: resolve(cwd, file) }),
    });
    output.talk(`${database}: backed up at ${showHeads(result.heads)}, ${showBytes(result.bytes)}, checked`);
    for (const path of result.removed) output.talk(`deleted the older backup ${path}`);
    output.present({ text: result.path, document: { command: "backup", database, ...result } });
    return 0;
  });
