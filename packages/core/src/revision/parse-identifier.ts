import { quoteForMessage } from "../errors/quote-for-message.ts";
import { malformedIdentifier } from "./graph-errors.ts";

/** Tells whether a text is the whole name of a revision or branch. */
export type IsName = (text: string) => boolean;

/** A text that names revisions, taken apart; `label` is what stands before the first `@`. */
export type Identifier =
  | { readonly kind: "symbol"; readonly label: string | undefined; readonly symbol: string }
  | {
      readonly kind: "relative";
      readonly label: string | undefined;
      /** What the steps are counted from; undefined means from the current revisions. */
      readonly anchor: string | undefined;
      /** Up when positive, down when negative; `+0` and `-0` are 0. */
      readonly steps: number;
      /** The sign and digits as written. */
      readonly relative: string;
    };

const relativeForm = /^([\p{L}\p{N}_]+)?([+-][0-9]+)$/u;
const relativeStart = /^[\p{L}\p{N}_]*[+-][0-9]/u;

/** A range `start:end`; a side that was left out is undefined. */
export interface IdentifierRange {
  readonly start: string | undefined;
  readonly end: string | undefined;
}

/**
 * Takes an identifier apart: `symbol`, `label@symbol`, `+N`, `-N`, `symbol+N`, `label@-N`, and so on.
 * Names decide where the grammar alone cannot: a branch label may look like a relative form (`v2-3`).
 *
 * @throws {SKM_USAGE} empty text or symbol, surrounding space, no string
 */
export function parseIdentifier(isName: IsName, text: string): Identifier {
  assertText(text);
  const { label, symbol } = splitLabel(text);
  const [, anchor, relative] = isName(symbol) ? [] : (relativeForm.exec(symbol) ?? []);
  if (relative === undefined) return { kind: "symbol", label, symbol };
  // Adding 0 turns the -0 of "-0" into 0.
  return { kind: "relative", label, anchor, steps: Number(relative) + 0, relative };
}

/** Tells whether an unknown symbol is a relative form with something after it, such as `+1x`. */
export function isBrokenRelative(symbol: string): boolean {
  return relativeStart.test(symbol) && !relativeForm.test(symbol);
}

/** Tells whether a text is a form that counts from the version rows: `+N`, `-N`, `label@+N`, `label@-N`. */
export function countsFromRows(isName: IsName, text: string): boolean {
  const identifier = parseIdentifier(isName, text);
  return identifier.kind === "relative" && identifier.anchor === undefined;
}

/**
 * Refuses a range where revisions are named; `:` stands in no revision id.
 *
 * @throws {SKM_USAGE} it is a range
 */
export function assertNoRange(isName: IsName, target: string | readonly string[]): void {
  const range = [target]
    .flat()
    .find((text) => typeof text === "string" && text.includes(":") && !isName(text));
  if (range === undefined) return;
  throw malformedIdentifier(range, "is a range", "name one revision; ranges are for history and for --sql");
}

/**
 * Takes `start:end`, `start:`, `:end` or `:` apart.
 *
 * @throws {SKM_USAGE} no `:`, or more than one
 */
export function parseRange(text: string): IdentifierRange {
  const parts = text.trim().split(":");
  if (parts.length !== 2) {
    const reason = parts.length < 2 ? "is not a range" : "has more than two ends";
    throw malformedIdentifier(text, reason, "write <start>:<end>, <start>:, :<end> or :");
  }
  const [start, end] = parts;
  return { start: start === "" ? undefined : start, end: end === "" ? undefined : end };
}

/**
 * Splits at the first `@`; an empty label (`@head`) is none.
 *
 * @throws {SKM_USAGE} nothing after the `@`
 */
export function splitLabel(text: string): { readonly label: string | undefined; readonly symbol: string } {
  const at = text.indexOf("@");
  if (at === -1) return { label: undefined, symbol: text };
  const symbol = text.slice(at + 1);
  if (symbol === "") {
    throw malformedIdentifier(
      text,
      'names no revision after the "@"',
      'write for example "<branch label>@head"',
    );
  }
  return { label: at === 0 ? undefined : text.slice(0, at), symbol };
}

function assertText(text: unknown): asserts text is string {
  if (typeof text !== "string") {
    throw malformedIdentifier(text, "is not a revision identifier", "pass a string");
  }
  if (text === "")
    throw malformedIdentifier(text, "is an empty revision identifier", 'name a revision, "head" or "base"');
  if (text !== text.trim()) {
    throw malformedIdentifier(
      text,
      "has a space before or after it",
      `write ${quoteForMessage(text.trim())}`,
    );
  }
}
