import type { OptionName } from "./option-table.ts";

/** The arguments of a command that are not options. */
export interface OperandDefinition {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** What stands in place of an operand that is left out. */
  readonly fallback?: string;
  /** How they stand in the usage line, where they do not all mean the same. */
  readonly usage?: string;
}

export interface CommandDefinition {
  readonly summary: string;
  readonly operands: OperandDefinition | null;
  /** Options besides the general ones and those of the project. */
  readonly options: readonly OptionName[];
  /** What an option means here, where the text of the option table is about other commands. */
  readonly meanings?: Partial<Readonly<Record<OptionName, string>>>;
  /** `false`: the command has nothing to do with a database or with revisions. */
  readonly project?: false;
  /** Paragraphs of the help text, wrapped by hand. */
  readonly description: string;
  readonly examples: readonly (readonly [commandLine: string, meaning: string])[];
}
