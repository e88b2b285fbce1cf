import type { Double } from "../doubles/doubles.ts";

export type JournalMode = "wal" | "delete";

/** How a process ends after its migration has succeeded or failed. */
export type Ending = "close" | "kill" | "throw" | "exit";

/** The one argument of `child/migrate.ts`, as JSON. */
export interface MigrateRequest {
  readonly caseName: string;
  readonly database: string;
  readonly journalMode: JournalMode;
  readonly ending: Ending;
  /** A file that is made when the migration has succeeded. */
  readonly acknowledgement?: string;
  /** A deliberately broken or dying driver in place of the real one. */
  readonly double?: Double;
}

/** What a process says about its migration, in one line on standard output, before it ends. */
export type MigrateReport =
  | {
      readonly kind: "done";
      readonly outcome: "applied" | "nothing-to-do" | "newer";
      readonly warnings: readonly string[];
    }
  | { readonly kind: "failed"; readonly code: string; readonly exitCode: number; readonly message: string };

/** Finds the report in what a process printed; `null` when it died before it could say anything. */
export function parseReport(stdout: string): MigrateReport | null {
  const line = stdout.split("\n").find((candidate) => candidate.startsWith("{"));
  return line === undefined ? null : JSON.parse(line);
}
