import { isMigrationError, MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { RevisionInfo } from "../revision/revision-info.ts";
import { readNodeCode } from "./directory-error.ts";
import type { RevisionFile } from "./list-revision-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { pickInfo, toRevisionInfo } from "./revision-shape.ts";
import { scanHeader } from "./scan-header.ts";
import { isSqlFile, parseSqlRevision } from "./sql-revision.ts";
import { placeOfFile } from "./wrong-export.ts";

/** What could be learnt about a file without importing it. */
export type FileHeader =
  | { readonly kind: "known"; readonly file: RevisionFile; readonly info: RevisionInfo }
  /** Only importing it can tell. */
  | { readonly kind: "open"; readonly file: RevisionFile }
  | { readonly kind: "problem"; readonly file: RevisionFile; readonly error: MigrationError };

/** Reads one file and scans its header. */
export function readHeader(file: RevisionFile, { fs }: NodeBuiltins): FileHeader {
  let text: string;
  try {
    text = fs.readFileSync(file.path, "utf8");
  } catch (error) {
    return { kind: "problem", file, error: unreadable(file.path, error) };
  }
  if (!isText(text, file.path, fs)) return { kind: "problem", file, error: notText(file.path) };
  return isSqlFile(file.path) ? toSqlHeader(file, text) : toFileHeader(file, text);
}

function toSqlHeader(file: RevisionFile, text: string): FileHeader {
  try {
    return { kind: "known", file, info: pickInfo(parseSqlRevision(text, placeOfFile(file.path))) };
  } catch (error) {
    if (isMigrationError(error)) return { kind: "problem", file, error };
    throw error;
  }
}

function toFileHeader(file: RevisionFile, text: string): FileHeader {
  const scan = scanHeader(text);
  if (scan.kind === "open") return { kind: "open", file };
  try {
    return { kind: "known", file, info: toRevisionInfo(scan.fields, placeOfFile(file.path)) };
  } catch (error) {
    // Importing it reports this field and whatever else is wrong, syntax errors first.
    if (isMigrationError(error, "SKM_SCRIPT_EXPORT")) return { kind: "open", file };
    throw error;
  }
}

/** Decoding puts U+FFFD for what is not UTF-8, but the character may also stand in the file. */
function isText(text: string, path: string, fs: NodeBuiltins["fs"]): boolean {
  if (text.includes("\0")) return false;
  return !text.includes("\uFFFD") || process.getBuiltinModule("node:buffer").isUtf8(fs.readFileSync(path));
}

function notText(path: string): MigrationError {
  return new MigrationError(
    "SKM_SCRIPT_SYNTAX",
    `cannot parse revision file ${quoteForMessage(path, 1000)}: it is not UTF-8 text`,
    {
      details: { path, reason: "not UTF-8" },
      hint: "save the file as UTF-8, or move it out of the directory",
    },
  );
}

function unreadable(path: string, cause: unknown): MigrationError {
  const nodeCode = readNodeCode(cause);
  const reason = nodeCode === "EACCES" ? "permission denied" : nodeCode;
  return new MigrationError(
    "SKM_SCRIPT_LOAD",
    `cannot read revision file ${quoteForMessage(path, 1000)}: ${reason}`,
    {
      details: { path, nodeCode },
      hint: "the user that runs this must be able to read it",
      cause,
    },
  );
}
