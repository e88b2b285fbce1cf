import type { ParsedArguments } from "../arguments/parse-arguments.ts";
import type { Environment } from "../database/read-environment.ts";
import type { Output } from "../output/output.ts";
import type { SecretRegistry } from "../output/redactor.ts";
import type { Supervision } from "../process/supervise-process.ts";
import type { Terminal } from "../process/terminal.ts";

/** One call of the command line: what was asked, and the world it was asked in. */
export interface Invocation {
  readonly arguments: ParsedArguments;
  readonly env: Environment;
  readonly cwd: string;
  readonly output: Output;
  readonly secrets: SecretRegistry;
  readonly terminal: Terminal;
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  readonly supervision: Supervision;
}
