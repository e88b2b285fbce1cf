import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError, type DriverErrorOptions } from "./driver-error.ts";

/** The database cannot be opened; kind `cantopen`. */
export function cannotOpen(path: string, problem: string, options: DriverErrorOptions = {}): DriverError {
  return new DriverError("cantopen", openMessage(path, problem), { target: path, ...options });
}

/** The database shall be written and cannot; kind `readonly`. */
export function notWritable(path: string, problem: string, cause: unknown): DriverError {
  const message = `cannot write to the database ${quoteForMessage(path)}: ${problem}`;
  return new DriverError("readonly", message, { target: path, cause });
}

/** Says what an error of the file system means for a database. */
export function fromSystemError(path: string, cause: unknown): DriverError {
  const code = systemErrorCode(cause);
  const options = { cause, target: path, ...(code === undefined ? {} : { engineCode: code }) };
  switch (code) {
    case "EACCES":
    case "EPERM":
      return cannotOpen(path, "permission denied", { ...options, reason: "permission" });
    case "ELOOP":
      return cannotOpen(path, "its symbolic links form a loop", options);
    case "EROFS":
      return notWritable(path, "the file system is read-only", cause);
    case "ENOSPC":
    case "EDQUOT":
      return new DriverError("full", openMessage(path, "the disk is full"), options);
    case undefined:
    default:
      return cannotOpen(path, cause instanceof Error ? cause.message : String(cause), options);
  }
}

/** The code of an error of the operating system, such as `"ENOENT"`. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function openMessage(path: string, problem: string): string {
  return `cannot open the database ${quoteForMessage(path)}: ${problem}`;
}
