import { quoteForMessage, type LockState } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import { showDuration } from "../output/phrases.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `lock status`, `lock break` */
export const lock: Command = async (invocation) => {
  const { arguments: parsed, output } = invocation;
  const action = readAction(parsed.operands[0] ?? "");
  return await withProject(invocation, async ({ migrator, database }) => {
    const held = action === "status" ? await migrator.lockStatus() : await migrator.breakLock();
    if (action === "break") {
      output.talk(
        `${database}: ${held === null ? "nobody was at work" : `ended the turn of ${held.holder}`}`,
      );
    }
    output.present({
      text: action === "status" && held !== null ? describeLock(held) : "",
      document: { command: "lock", action, database, held },
    });
    if (action === "status" && held === null) output.talk(`${database}: nobody is at work`);
    return 0;
  });
};

function readAction(word: string): "status" | "break" {
  if (word === "status" || word === "break") return word;
  throw usageError(`"lock" knows no ${quoteForMessage(word)}`, "write `lock status` or `lock break`");
}

function describeLock({ holder, heldMs, lapsesInMs }: LockState): string {
  const end =
    lapsesInMs > 0
      ? `its turn ends in ${showDuration(lapsesInMs)} unless it works on`
      : `its turn ended ${showDuration(-lapsesInMs)} ago, and the next run takes over`;
  return `${holder}, for ${showDuration(heldMs)}; ${end}`;
}
