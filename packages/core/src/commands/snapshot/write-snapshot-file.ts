import { MigrationError } from "../../errors/migration-error.ts";
import { quoteForMessage } from "../../errors/quote-for-message.ts";
import { readNodeCode } from "../../script/directory-error.ts";
import { loadNodeBuiltins } from "../../script/node-builtins.ts";
import { looksLikeSnapshot } from "../../snapshot/parse-snapshot.ts";

/**
 * Writes the file of a snapshot in place of the one before; whoever reads it sees the one or the other.
 *
 * @throws {MigrationError} SKM_FILE_EXISTS: there is a file that is no snapshot.
 * @throws {MigrationError} SKM_SNAPSHOT_FILE: it cannot be written.
 */
export function writeSnapshotFile(path: string, text: string): "written" | "unchanged" {
  const builtins = loadNodeBuiltins();
  const { fs } = builtins;
  const directory = builtins.path.dirname(path);
  const temporary = builtins.path.join(directory, `.${crypto.randomUUID()}.tmp`);
  try {
    const before = fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined;
    if (before === text) return "unchanged";
    if (before !== undefined && !looksLikeSnapshot(before)) throw isSomethingElse(path);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(temporary, text, { flag: "wx" });
    fs.renameSync(temporary, path);
    return "written";
  } catch (error) {
    throw error instanceof MigrationError ? error : unwritable(path, error);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function isSomethingElse(path: string): MigrationError {
  return new MigrationError(
    "SKM_FILE_EXISTS",
    `cannot write the snapshot ${quoteForMessage(path, 1000)}: there is a file that is no snapshot`,
    { details: { path }, hint: "move it away, or choose another path with the key snapshot" },
  );
}

function unwritable(path: string, cause: unknown): MigrationError {
  const nodeCode = readNodeCode(cause);
  return new MigrationError(
    "SKM_SNAPSHOT_FILE",
    `cannot write the snapshot ${quoteForMessage(path, 1000)}: ${nodeCode}`,
    {
      cause,
      details: { snapshot: path, nodeCode },
      hint: "the user that runs this must be able to write there",
    },
  );
}
