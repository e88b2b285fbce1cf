import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

const reasons: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  ENOENT: { reason: "it does not exist", hint: "check the path, or create the directory" },
  ENOTDIR: { reason: "it is not a directory", hint: "name the directory, not a file in it" },
  EACCES: { reason: "permission denied", hint: "the user that runs this must be able to list and enter it" },
};

/** Explains why a directory of revision files cannot be listed. */
export function directoryError(directory: string, cause: unknown): MigrationError {
  const nodeCode = readNodeCode(cause);
  const { reason, hint } = reasons[nodeCode] ?? {
    reason: nodeCode,
    hint: "the cause says what the system answered",
  };
  return new MigrationError(
    "SKM_SCRIPT_DIR",
    `cannot read the directory of revision files ${quoteForMessage(directory, 1000)}: ${reason}`,
    { details: { directory, nodeCode }, hint, cause },
  );
}

/** The code of an error of Node.js, such as `ENOENT`. */
export function readNodeCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
