import type { Case } from "./judge-vector.ts";

/** A kind of question that we answer better than the vectors ask for, and why. */
export interface Exception {
  readonly name: string;
  readonly reason: string;
  readonly applies: (test: Case) => boolean;
}

const texts = ({ q }: Case["vector"]): readonly string[] =>
  [q.id, q.target, q.head, q.upper, q.lower, q.range?.split(":"), q.depends_on]
    .flat()
    .filter((text) => typeof text === "string");

const isRefusedAs = ({ answer }: Case, code: string): boolean => answer.error?.code === code;

const mustBeRefused = ({ vector }: Case): boolean => vector.expect?.error !== undefined;

/** The reviewed list: by kind and reason, never case by case. */
export const exceptions: readonly Exception[] = [
  {
    name: "down from several rows",
    reason:
      "-N with several version rows is refused and lists the choices; Alembic takes whichever row comes first",
    applies: (test) =>
      isRefusedAs(test, "SKM_GRAPH_AMBIGUOUS_WALK") &&
      test.vector.q.kind === "downgrade" &&
      new Set(test.vector.q.current).size > 1 &&
      /^-[0-9]+$/u.test(texts(test.vector).join()),
  },
  {
    name: "overlapping stamp",
    reason: "stamping an ancestor together with its descendant is refused",
    applies: (test) => isRefusedAs(test, "SKM_GRAPH_OVERLAP") && test.vector.q.kind === "stamp",
  },
  {
    name: "malformed identifier",
    reason:
      "surrounding space and relative forms with something after them are usage errors, refused all the same",
    applies: (test) =>
      isRefusedAs(test, "SKM_USAGE") &&
      mustBeRefused(test) &&
      texts(test.vector).some((text) => text.trim() !== text || /[+-][0-9]+[^0-9]/u.test(text)),
  },
  {
    name: "target above the rows",
    reason:
      "a downgrade to something above the version rows is a wrong direction (bad-inputs B014), refused all the same",
    applies: (test) =>
      isRefusedAs(test, "SKM_GRAPH_DIRECTION") && test.vector.expect?.error?.code === "range-not-ancestor",
  },
  {
    name: "bad rows first",
    reason:
      "unknown or overlapping version rows have codes of their own, whatever else is wrong with the question",
    applies: (test) =>
      mustBeRefused(test) &&
      (isRefusedAs(test, "SKM_VERSION_UNKNOWN") || isRefusedAs(test, "SKM_VERSION_SHAPE")),
  },
  {
    name: "nothing to count from",
    reason:
      "-N without version rows is refused; Alembic counts from the heads, which its documentation does not say",
    applies: (test) =>
      isRefusedAs(test, "SKM_GRAPH_UNKNOWN") &&
      mustBeRefused(test) &&
      test.vector.q.kind === "get_revisions" &&
      texts(test.vector).some((text) => /^(?:.+@)?-[0-9]+$/u.test(text)),
  },
  {
    name: "relative to current",
    reason:
      "a relative start of a range that ends at current counts from current; Alembic counts from the heads",
    applies: ({ vector }) =>
      vector.q.kind === "history" && /^(?:.+@)?-[0-9]+:current$/u.test(vector.q.range ?? ""),
  },
];
