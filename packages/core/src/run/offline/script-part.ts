import type { Statement } from "../../driver/statement.ts";

/** A piece of a script. */
export type ScriptPart =
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "statement"; readonly statement: Statement; readonly comment?: string }
  | ScriptCheck;

/** Something that must be true at this place, or the script changes nothing. */
export interface ScriptCheck {
  readonly kind: "check";
  /** What is so, as a sentence without its full stop. */
  readonly meaning: string;
  /** An SQL expression without parameters. */
  readonly condition: string;
  /** Left out where foreign keys are suspended. */
  readonly onlyEnforced?: true;
}

export const check = (meaning: string, condition: string): ScriptCheck => ({
  kind: "check",
  meaning,
  condition,
});
