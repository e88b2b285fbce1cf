import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Names } from "./name-index.ts";
import { suggestNames } from "./suggest-names.ts";

/** Most names that a message spells out; `details` always holds all. */
const maxListed = 10;

/** Names in double quotes, separated by commas; a long list is cut and counted. */
export function listForMessage(names: readonly string[]): string {
  const shown = names.slice(0, maxListed).map((name) => quoteForMessage(name, 100));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

/** A text that is not an identifier at all. */
export function malformedIdentifier(text: unknown, reason: string, hint: string): MigrationError {
  return new MigrationError("SKM_USAGE", `${quoteForMessage(text)} ${reason}`, {
    details: { identifier: text, reason },
    hint,
  });
}

const suggest = (
  names: Names,
  text: string,
  otherwise: string,
): { suggestions: readonly string[]; hint: string } => {
  const suggestions = suggestNames(text, names.keys());
  const hint = suggestions.length === 0 ? otherwise : `did you mean ${listForMessage(suggestions)}?`;
  return { suggestions, hint };
};

/** No revision or branch has this name; `hint` replaces the nearest names. */
export function unknownName(names: Names, text: string, hint?: string): MigrationError {
  const nearest = suggest(
    names,
    text,
    names.size === 0 ? "there are no revisions yet" : 'list the revisions with "history"',
  );
  return new MigrationError("SKM_GRAPH_UNKNOWN", `there is no revision or branch ${quoteForMessage(text)}`, {
    details: { identifier: text, suggestions: nearest.suggestions },
    hint: hint ?? nearest.hint,
  });
}

/** The text before an `@` names neither a label nor a revision. */
export function noSuchBranch(names: Names, label: string, cause?: unknown): MigrationError {
  const { suggestions, hint } = suggest(
    names,
    label,
    'before "@" stands a branch label or a revision id; "branches" and "heads -v" list the labels',
  );
  return new MigrationError("SKM_GRAPH_NO_BRANCH", `there is no branch ${quoteForMessage(label)}`, {
    details: { label, suggestions },
    hint,
    cause,
  });
}

/** A partial name fits several. */
export function ambiguousPrefix(text: string, candidates: readonly string[]): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_AMBIGUOUS",
    `${quoteForMessage(text)} fits several revisions: ${listForMessage(candidates)}`,
    { details: { identifier: text, candidates }, hint: "write more characters of the one that is meant" },
  );
}

/** `label@revision` where the revision lies on another branch. */
export function notInBranch(revision: string, label: string): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_NOT_IN_BRANCH",
    `revision ${quoteForMessage(revision)} is not on branch ${quoteForMessage(label)}`,
    {
      details: { revision, label },
      hint: `leave out ${quoteForMessage(`${label}@`)}, or name a revision of that branch`,
    },
  );
}

/** A symbol that must mean one revision means several. */
export function multipleHeads(argument: string, heads: readonly string[], hint?: string): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_MULTIPLE_HEADS",
    `${quoteForMessage(argument)} means several heads: ${listForMessage(heads)}`,
    {
      details: { argument, heads },
      hint:
        hint ??
        `name one of them, write "<branch label>@head", use "heads" for all, or join them with "merge heads"`,
    },
  );
}

/** A relative identifier runs off the graph, or cannot produce a revision in this place. */
export function outOfRange(text: string, reason: string, hint: string, details = {}): MigrationError {
  return new MigrationError("SKM_GRAPH_RANGE", `relative revision ${quoteForMessage(text)} ${reason}`, {
    details: { identifier: text, ...details },
    hint,
  });
}

/** A relative identifier meets several ways to go on. */
export function ambiguousWalk(
  text: string,
  where: string,
  options: { readonly choices: readonly string[]; readonly hint: string; readonly from?: string | undefined },
): MigrationError {
  const { choices, hint, from } = options;
  return new MigrationError(
    "SKM_GRAPH_AMBIGUOUS_WALK",
    `relative revision ${quoteForMessage(text)} is ambiguous: ${where} ${listForMessage(choices)}`,
    { details: { identifier: text, from, choices }, hint },
  );
}

/** Two of the revisions asked for together are ancestor and descendant. */
export function overlappingTargets(ancestor: string, descendant: string): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_OVERLAP",
    `revisions ${quoteForMessage(ancestor)} and ${quoteForMessage(descendant)} cannot both be meant: the first is an ancestor of the second`,
    {
      details: { ancestor, descendant },
      hint: `name only ${quoteForMessage(descendant)}, it includes the other`,
    },
  );
}

/** The lower end of a range is not below its upper end. */
export function notAncestor(lower: string, upper: string): MigrationError {
  return new MigrationError(
    "SKM_GRAPH_NOT_ANCESTOR",
    `${quoteForMessage(lower)} is not an ancestor of ${quoteForMessage(upper)}`,
    {
      details: { lower, upper },
      hint: "a range runs from an older revision to a newer one of the same branch: <older>:<newer>",
    },
  );
}
