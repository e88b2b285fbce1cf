import { describeFailure, type Failure } from "./describe-failure.ts";
import type { Finding, Output } from "./output.ts";

/**
 * Reports an error and returns the exit code: as text on standard error, or as a document on standard output.
 * What comes after the document, such as a stray error of a revision, is text again.
 *
 * @param finding what the command found out before; its document is extended by the error.
 */
export function reportFailure(output: Output, error: unknown, finding?: Finding): number {
  const failure = describeFailure(error);
  if (output.mode.json && failure.code !== "SKM_IO" && !output.hasDocument()) {
    output.present({ text: "", document: { ...finding?.document, error: errorDocument(failure, output) } });
    return failure.exitCode;
  }
  if (finding !== undefined) output.present(finding);
  reportAsText(output, failure);
  return failure.exitCode;
}

function reportAsText(output: Output, failure: Failure): void {
  output.alert(`error ${failure.code}: ${failure.message}`, "error");
  if (failure.hint !== undefined) output.alert(`hint: ${failure.hint}`, "hint");
  if (output.mode.debug) output.alert(failure.trace);
}

function errorDocument(failure: Failure, output: Output): Readonly<Record<string, unknown>> {
  const { code, message, details, hint, trace } = failure;
  return { code, message, details, hint: hint ?? null, ...(output.mode.debug ? { trace } : {}) };
}
