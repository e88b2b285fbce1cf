import { escapeControls, MigrationError } from "@skillmeat/migrate-core";
import { paint, type Style } from "./paint.ts";
import type { Redactor } from "./redactor.ts";
import { renderDocument } from "./render-document.ts";
import { systemCode, type TextSink } from "./text-sink.ts";

/** How much is said, and how. */
export interface OutputMode {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  /** Colours on standard error. */
  readonly color: boolean;
  /** A line on standard error can be written over. */
  readonly redraw: boolean;
}

/** What a command found: one form for people, one for programs. */
export interface Finding {
  /** Lines of text, without the newline at the end; `""` for none. */
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * The two ways out. Standard output is data, standard error is talk. Everything is redacted, and control
 * characters are escaped, so that neither a secret nor a name from a database gets through.
 */
export interface Output {
  readonly mode: OutputMode;
  /** Whether the one document of `--json` has been written. */
  readonly hasDocument: () => boolean;
  /** @throws {MigrationError} SKM_IO when standard output cannot be written; a reader that has left is no error. */
  present(finding: Finding): void;
  /** Writes text for another program to standard output exactly as it is, or the document with `--json`. */
  write(finding: Finding): void;
  /** A line about what goes on; not with `--quiet`. */
  talk(line: string): void;
  /** Shows a line in the place of the one shown before, until something else is said; `""` takes it away. */
  progress(line: string): void;
  /** A line that is said even with `--quiet`. */
  alert(line: string, style?: Style): void;
}

export interface OutputOptions {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly mode: OutputMode;
  readonly redact: Redactor;
}

export function createOutput({ stdout, stderr, mode, redact }: OutputOptions): Output {
  let isDrawn = false;
  const erase = (): void => {
    if (isDrawn) writeTalk(stderr, eraseLine);
    isDrawn = false;
  };
  const alert = (line: string, style?: Style): void => {
    const safe = redact(escapeText(line));
    erase();
    writeTalk(stderr, `${mode.color ? paint(safe, style) : safe}\n`);
  };
  let hasDocument = false;
  return {
    mode,
    hasDocument: () => hasDocument,
    present: ({ text, document }) => {
      erase();
      if (mode.json) {
        hasDocument = true;
        writeData(stdout, `${renderDocument(document, redact)}\n`);
      } else if (text !== "") writeData(stdout, `${redact(escapeText(text))}\n`);
    },
    write: ({ text, document }) => {
      if (mode.json) {
        hasDocument = true;
        writeData(stdout, `${JSON.stringify(document, null, 2)}\n`);
      } else writeData(stdout, text);
    },
    talk: (line) => {
      if (!mode.quiet) alert(line);
    },
    progress: (line) => {
      if (mode.quiet || !mode.redraw) return;
      erase();
      if (line === "") return;
      writeTalk(stderr, redact(escapeText(line)));
      isDrawn = true;
    },
    alert,
  };
}

/** Back to the begin of the line, and nothing behind it (ECMA-48, EL). */
const eraseLine = "\r\u001B[K";

/** Escapes what could steer a terminal, leaving line ends and tabs. */
export function escapeText(text: string): string {
  return text.replaceAll(/[^\n\t]+/gu, (part) => escapeControls(part));
}

function writeData(sink: TextSink, text: string): void {
  try {
    sink.write(text);
  } catch (cause) {
    // The reader, such as `head`, has all that it wanted.
    if (systemCode(cause) === "EPIPE") return;
    throw new MigrationError("SKM_IO", `cannot write to standard output: ${reasonOf(cause)}`, {
      cause,
      details: { code: systemCode(cause) ?? null },
      hint: "what the command did to the database stays done; look at `current`",
    });
  }
}

/** That nobody can listen is no reason to stop in the middle of a migration. */
function writeTalk(sink: TextSink, text: string): void {
  try {
    sink.write(text);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
