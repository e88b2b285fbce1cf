import { writeSync } from "node:fs";

/** Takes text at once; throws what the operating system says when it cannot. */
export interface TextSink {
  write(text: string): void;
}

/** Most tries on a pipe that is full and does not block, 10 ms apart: ten minutes. */
const mostTries = 60_000;

/**
 * Writes to a file descriptor without Node's streams: they cost start-up time, deliver errors late, and lose
 * what is buffered when the process ends.
 */
export function descriptorSink(descriptor: number): TextSink {
  return {
    write: (text) => {
      const bytes = Buffer.from(text, "utf8");
      let offset = 0;
      while (offset < bytes.length) offset += writeSome(descriptor, bytes, offset);
    },
  };
}

function writeSome(descriptor: number, bytes: Buffer, offset: number): number {
  for (let tries = 1; ; tries += 1) {
    try {
      return writeSync(descriptor, bytes, offset);
    } catch (error) {
      if (systemCode(error) !== "EAGAIN" || tries === mostTries) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** The code of an operating system error, such as `"EPIPE"`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
