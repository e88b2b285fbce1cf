import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import { readNodeCode } from "../../script/directory-error.ts";
import { loadNodeBuiltins } from "../../script/node-builtins.ts";
import { parseSnapshot } from "../../snapshot/parse-snapshot.ts";
import type { Snapshot } from "../../snapshot/snapshot-document.ts";
import type { SnapshotPlace } from "./snapshot-place.ts";

/** @throws {MigrationError} SKM_SNAPSHOT_FILE: it is not there, cannot be read, or is damaged. */
export function readSnapshot(place: SnapshotPlace): Snapshot {
  if (place.kind === "value") return parseSnapshot(place.json, "of the program");
  return parseSnapshot(readText(place.path), quoteForMessage(place.path, 1000));
}

function readText(path: string): string {
  try {
    return loadNodeBuiltins().fs.readFileSync(path, "utf8");
  } catch (cause) {
    const nodeCode = readNodeCode(cause);
    throw new MigrationError(
      "SKM_SNAPSHOT_FILE",
      `cannot read the snapshot ${quoteForMessage(path, 1000)}: ${nodeCode === "ENOENT" ? "it does not exist" : nodeCode}`,
      {
        cause,
        details: { snapshot: path, nodeCode },
        hint: "write it with `snapshot`; without it the revisions are replayed",
      },
    );
  }
}
