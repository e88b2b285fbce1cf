import { fstatSync, readSync } from "node:fs";
import { systemCode, type TextSink } from "../output/text-sink.ts";

/** The person in front of the program, if there is one. */
export interface Terminal {
  /** Questions can be asked: both standard input and standard error are a terminal. */
  readonly isInteractive: boolean;
  /** Standard error is a terminal that understands colours. */
  readonly hasColor: boolean;
  /** Standard error is a terminal on which a line can be written over. */
  readonly canRedraw: boolean;
  /** Asks and waits for a line; `null` when the input ends instead. */
  ask(question: string): string | null;
}

/** The terminal of this process. Nothing waits for it but `ask`, which blocks: no transaction is open then. */
export function processTerminal(
  env: Readonly<Record<string, string | undefined>>,
  stderr: TextSink,
): Terminal {
  const talks = isTerminal(2);
  return {
    isInteractive: talks && isTerminal(0),
    hasColor: talks && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    canRedraw: talks && env["TERM"] !== "dumb",
    ask: (question) => {
      stderr.write(question);
      return readLine(0);
    },
  };
}

/** The module `tty` loads the network stack; files and pipes can be told apart without it. */
function isTerminal(descriptor: number): boolean {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch (error) {
    // A closed descriptor is no terminal.
    if (systemCode(error) === "EBADF") return false;
    throw error;
  }
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}

function readLine(descriptor: number): string | null {
  const bytes: number[] = [];
  const buffer = Buffer.alloc(1);
  for (;;) {
    const count = readByte(descriptor, buffer);
    if (count === 0) return bytes.length === 0 ? null : Buffer.from(bytes).toString("utf8");
    if (buffer[0] === 0x0a) return Buffer.from(bytes).toString("utf8");
    bytes.push(buffer[0] ?? 0);
  }
}

function readByte(descriptor: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer);
    } catch (error) {
      if (systemCode(error) !== "EAGAIN") return 0;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
