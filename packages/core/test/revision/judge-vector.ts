import type { Answer, Question, VectorRevision } from "./answer-vector.ts";

/** What a correct tool must answer; which fields there are depends on the form. */
export interface Expectation {
  readonly result?: unknown;
  readonly set?: readonly string[];
  readonly before?: readonly (readonly [string, string])[];
  readonly steps?: readonly { readonly rev?: string; readonly rows: readonly string[] }[];
  readonly rows?: readonly string[];
  readonly error?: { readonly code: string; readonly codes?: readonly string[] };
  readonly any_of?: readonly (Expectation | "error")[];
  readonly unjudged?: boolean;
  readonly safe_plan_required?: boolean;
}

export interface Vector {
  readonly q: Question;
  readonly order?: string;
  readonly expect?: Expectation;
  readonly any_of?: readonly Expectation[];
}

export interface Case {
  readonly vector: Vector;
  readonly answer: Answer;
  readonly revisions: readonly VectorRevision[];
}

/** Judges an answer: undefined when it is correct, else what is wrong with it. */
export function judgeVector(test: Case): string | undefined {
  const { expect, any_of: anyOf } = test.vector;
  return judge(expect ?? { any_of: anyOf ?? [] }, test);
}

function judge(expectation: Expectation | "error", test: Case): string | undefined {
  const { answer } = test;
  if (expectation === "error") return answer.error === undefined ? "should be refused" : undefined;
  if (expectation.unjudged === true || expectation.safe_plan_required === true) return undefined;
  if (expectation.any_of !== undefined) {
    const verdicts = expectation.any_of.map((alternative) => judge(alternative, test));
    return verdicts.includes(undefined) ? undefined : `no alternative fits: ${verdicts[0]}`;
  }
  if (expectation.error !== undefined) return judgeError(expectation.error, answer);
  if (answer.error !== undefined) return `should not be refused: ${answer.error.code}`;
  if (expectation.set !== undefined) return judgeOrder(expectation, test);
  return judgeExactly(expectation, test);
}

function judgeError(expected: NonNullable<Expectation["error"]>, answer: Answer): string | undefined {
  const codes = expected.codes ?? [expected.code];
  if (answer.error === undefined) return `should be refused: ${codes.join(" or ")}`;
  const { words } = answer.error;
  if (expected.code === "any" || words.some((word) => codes.includes(word))) return undefined;
  return `should be refused as ${codes.join(" or ")}, not ${answer.error.code}`;
}

const isPlan = ({ kind }: Question): boolean => kind === "upgrade" || kind === "downgrade";

function judgeExactly(expectation: Expectation, { vector, answer }: Case): string | undefined {
  const { result, steps, rows } = expectation;
  if (result !== undefined) return compare("result", result, answer.result);
  if (steps !== undefined && isPlan(vector.q)) {
    const wanted = steps.map((step) => [step.rev, sort(step.rows)]);
    const got = (answer.steps ?? []).map((step) => [step.rev, sort(step.rows)]);
    const difference = compare("steps", wanted, got);
    if (difference !== undefined) return difference;
  }
  return compare("rows", rows === undefined ? undefined : sort(rows), sort(answer.rows ?? []));
}

/** Any order that respects `before`; the rows after each step are worked out from scratch. */
function judgeOrder(expectation: Expectation, { vector, answer, revisions }: Case): string | undefined {
  const { set = [], before = [], rows } = expectation;
  const got = isPlan(vector.q) ? (answer.steps ?? []).map((step) => step.rev) : toNames(answer.result);
  const wrong = before.find(([first, second]) => got.indexOf(first) > got.indexOf(second));
  if (wrong !== undefined) return `${wrong[0]} must come before ${wrong[1]}`;
  const difference = compare("set", sort(set), sort(got));
  if (difference !== undefined || !isPlan(vector.q)) return difference;
  const requires = readRequires(revisions);
  const applied = closeOver(requires, vector.q.current ?? []);
  for (const step of answer.steps ?? []) {
    if (vector.q.kind === "upgrade") applied.add(step.rev);
    else applied.delete(step.rev);
    const verdict = compare(`rows after ${step.rev}`, findMaximal(requires, applied), sort(step.rows));
    if (verdict !== undefined) return verdict;
  }
  return rows === undefined ? undefined : compare("rows", sort(rows), sort(answer.rows ?? []));
}

function compare(what: string, wanted: unknown, got: unknown): string | undefined {
  const [a, b] = [wanted, got].map((value) => JSON.stringify(value, sortKeys));
  return wanted === undefined || a === b ? undefined : `${what}: wanted ${a}, got ${b}`;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sort = (names: readonly string[]): readonly string[] => [...names].sort();

const toNames = (result: unknown): readonly string[] => (Array.isArray(result) ? result.map(String) : []);

/** What each revision requires, by id. */
export type Requires = ReadonlyMap<string, readonly string[]>;

export function readRequires(revisions: readonly VectorRevision[]): Requires {
  const labels = new Map(
    revisions.flatMap(({ id, labels = [] }) => labels.map((label) => [label, id] as const)),
  );
  const ids = new Set(revisions.map(({ id }) => id));
  const settle = (name: string): string => (ids.has(name) ? name : (labels.get(name) ?? name));
  return new Map(revisions.map(({ id, down, deps = [] }) => [id, [...down, ...deps.map(settle)]]));
}

/** The names and all that they require. */
export function closeOver(requires: Requires, names: Iterable<string>): Set<string> {
  const closed = new Set(names);
  for (const name of closed) for (const next of requires.get(name) ?? []) closed.add(next);
  return closed;
}

/** The applied revisions that no other applied one requires, found the slow way. */
export function findMaximal(requires: Requires, applied: ReadonlySet<string>): readonly string[] {
  const below = new Set<string>();
  for (const name of applied) {
    for (const lower of closeOver(requires, requires.get(name) ?? [])) below.add(lower);
  }
  return sort([...applied].filter((name) => !below.has(name)));
}
