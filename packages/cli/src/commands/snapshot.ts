import { MigrationError } from "@skillmeat/migrate-core";
import { readRevision } from "../arguments/read-revision.ts";
import { showCount, showHeads } from "../output/phrases.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `snapshot [revision]`: writes down what the revisions make. The database is not opened. */
export const snapshot: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator }) => {
    const { output, arguments: parsed } = invocation;
    const target = readRevision(parsed.operands[0] ?? "heads");
    const { text, ...result } = await migrator.snapshot({ target });
    if (result.path === null) throw nowhere();
    const { heads, revisions, objects, rows, outcome } = result;
    output.talk(
      `snapshot of ${showCount(revisions, "revision")} up to ${showHeads(heads)}: ${showCount(objects, "object")}, ${showCount(rows, "row")}; ${outcome}, and tried in an empty database`,
    );
    output.present({
      text: result.path,
      document: { command: "snapshot", ...result, bytes: Buffer.byteLength(text) },
    });
    return 0;
  });

function nowhere(): MigrationError {
  return new MigrationError("SKM_USAGE", "there is no place to write a snapshot to", {
    hint: "name a file with the key snapshot of the configuration",
  });
}
