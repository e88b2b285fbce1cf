import type { DiffOptions } from "../autogenerate/diff-options.ts";
import { diffSchemas } from "../autogenerate/diff-schemas.ts";
import { findRenames, type Rename, type RenameQuestion } from "../autogenerate/find-renames.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { Operation } from "../ops/operation.ts";
import { compileOperation } from "../plan/compile-operation.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { foldName } from "../schema/table-definition.ts";
import { suggestNames } from "../revision/suggest-names.ts";
import { hintFor, listGone, namesOfTable } from "./assert-drops.ts";
import { explainStatement, type Scratch } from "./scratch.ts";

/** What is known about renames before anything is compared. */
export interface RenameAnswers {
  /** `old=new` for a table, `table.old=new` for a column; the table by its old or its new name. */
  readonly renames?: readonly string[];
  /** What really goes, though something of its kind comes: `table`, `table.column`, or `"all"`. */
  readonly drops?: readonly string[] | "all";
  /** Asked about the rest: the name of a candidate, `null` for none of them, `undefined` for no answer. */
  readonly onQuestion?: (question: RenameQuestion) => Promise<string | null | undefined>;
}

/** The schema with the renames made, and the operations that made them. */
export interface SettledRenames {
  readonly schema: DatabaseSchema;
  readonly operations: readonly Operation[];
}

interface Settling {
  readonly scratch: Scratch;
  readonly target: DatabaseSchema;
  readonly options: DiffOptions;
  readonly answers: RenameAnswers;
  readonly hints: readonly Hint[];
  readonly drops: ReadonlySet<string>;
  readonly settled: Set<string>;
  readonly open: RenameQuestion[];
  readonly operations: Operation[];
}

interface Hint {
  readonly text: string;
  readonly table: string | null;
  readonly from: string;
  readonly to: string;
  used: boolean;
}

/** Whether there is nothing to settle: nothing may be renamed, and nobody says that something is. */
export function hasNoRenames(
  { from, to }: { readonly from: DatabaseSchema; readonly to: DatabaseSchema },
  { options, answers }: { readonly options: DiffOptions; readonly answers: RenameAnswers },
): boolean {
  const { certain, questions } = findRenames(from, to, options);
  return certain.length === 0 && questions.length === 0 && (answers.renames ?? []).length === 0;
}

/**
 * Makes the renames in a scratch database that holds the first schema. SQLite makes them, with all that they
 * change in foreign keys, indexes, triggers and views.
 *
 * @throws {SKM_AUTOGENERATE_RENAME} something goes, something comes, and nobody says whether they are the same.
 */
export async function settleRenames(
  scratch: Scratch,
  target: DatabaseSchema,
  { options, answers }: { readonly options: DiffOptions; readonly answers: RenameAnswers },
): Promise<SettledRenames> {
  const { drops = [] } = answers;
  const settling: Settling = {
    scratch,
    target,
    options,
    answers,
    hints: (answers.renames ?? []).map(parseHint),
    drops: new Set(drops === "all" ? [] : drops.map(foldName)),
    settled: new Set(),
    open: [],
    operations: [],
  };
  const before = await scratch.readSchema();
  let schema = before;
  for (let rename = await nextRename(settling, schema); rename !== undefined;) {
    await makeRename(settling, rename);
    schema = await scratch.readSchema();
    rename = await nextRename(settling, schema);
  }
  if (settling.open.length > 0) throw undecided(settling.open);
  const unused = settling.hints.find((hint) => !hint.used);
  if (unused !== undefined) throw useless(unused.text, listGone({ from: before, to: target }, options));
  return { schema, operations: settling.operations };
}

async function nextRename(settling: Settling, schema: DatabaseSchema): Promise<Rename | undefined> {
  const { certain, questions } = findRenames(schema, settling.target, settling.options);
  if (certain[0] !== undefined) return certain[0];
  for (const question of questions) {
    const key = pathOf(question);
    if (settling.settled.has(key)) continue;
    settling.settled.add(key);
    const to = await answerTo(settling, question);
    if (typeof to === "string")
      return { kind: question.kind, table: question.table, from: question.name, to };
    if (to === undefined) settling.open.push(question);
  }
  return undefined;
}

async function answerTo(settling: Settling, question: RenameQuestion): Promise<string | null | undefined> {
  const { hints, answers, operations } = settling;
  const { candidates } = question;
  const hint = hints.find((one) => isAbout(one, question, operations));
  if (hint !== undefined) {
    const found = candidates.find((name) => foldName(name) === foldName(hint.to));
    if (found === undefined) throw noCandidate(hint.text, question);
    hint.used = true;
    return found;
  }
  if (isDropped(question, settling)) return null;
  const answer = await answers.onQuestion?.(question);
  if (typeof answer !== "string" || candidates.includes(answer)) return answer;
  throw new TypeError(`onQuestion answered ${quoteForMessage(answer)}, which is no candidate`);
}

/** A column may be named with the table that it was in before that was renamed. */
function isAbout(hint: Hint, question: RenameQuestion, operations: readonly Operation[]): boolean {
  if (foldName(hint.from) !== foldName(question.name)) return false;
  if (hint.table === null || question.table === null) return hint.table === question.table;
  return namesOfTable(question.table, operations).some(
    (name) => foldName(name) === foldName(hint.table ?? ""),
  );
}

function isDropped({ table, name }: RenameQuestion, { answers, drops, operations }: Settling): boolean {
  if (answers.drops === "all") return true;
  const paths = table === null ? [name] : namesOfTable(table, operations).map((one) => `${one}.${name}`);
  return paths.some((path) => drops.has(foldName(path)));
}

async function makeRename(settling: Settling, rename: Rename): Promise<void> {
  const { table, from, to } = rename;
  const operation: Operation =
    table === null
      ? { kind: "renameTable", table: from, to }
      : { kind: "renameColumn", table, column: from, to };
  try {
    await run(settling, [operation]);
  } catch (error) {
    const away = await listInTheWay(settling);
    if (away.length === 0) throw error;
    await run(settling, [...away, operation]);
  }
}

async function run({ scratch, operations }: Settling, made: readonly Operation[]): Promise<void> {
  const statements = made.flatMap((operation) =>
    compileOperation(operation, { parameters: 0 }).map(({ sql }) => sql),
  );
  try {
    await scratch.run(statements);
  } catch (error) {
    const hint = "repair the views and triggers that no longer work before something is renamed";
    throw explainStatement(error, statements, { what: "a rename", hint });
  }
  operations.push(...made);
}

/**
 * The views and triggers that go or change anyway. SQLite writes the new name into them and reads them again, and
 * a view that is right with the old name can be wrong with the new one, as when a column of that name is in
 * another of its tables (lang_altertable.html).
 */
async function listInTheWay({ scratch, target, options }: Settling): Promise<readonly Operation[]> {
  return diffSchemas(await scratch.readSchema(), target, options).filter(
    ({ kind }) => kind === "dropTrigger" || kind === "dropView",
  );
}

/** `old=new`, `table.old=new` or `table.old=table.new`. A name with a dot or an equals sign has no hint. */
function parseHint(text: string): Hint {
  const [left, right, ...more] = text.split("=");
  const from = (left ?? "").trim().split(".");
  const to = (right ?? "").trim().split(".");
  const last = to.at(-1) ?? "";
  const isWhole = more.length === 0 && from.length <= 2 && to.length <= from.length;
  if (!isWhole || [...from, ...to].includes("")) throw useless(text);
  return {
    text,
    table: from.length === 2 ? (from[0] ?? null) : null,
    from: from.at(-1) ?? "",
    to: last,
    used: false,
  };
}

function pathOf({ table, name }: RenameQuestion): string {
  return foldName(table === null ? name : `${table}.${name}`);
}

function undecided(open: readonly RenameQuestion[]): MigrationError {
  const lines = open.map((question) => {
    const path = quoteForMessage(pathOf(question));
    const list = question.candidates.map((name) => quoteForMessage(name)).join(", ");
    return question.candidates.length === 0
      ? `virtual table ${path} would be dropped and made again`
      : `${question.kind} ${path} goes, and ${list} ${question.candidates.length === 1 ? "comes" : "come"}`;
  });
  const [first] = open;
  const path = first === undefined ? "" : pathOf(first);
  const [candidate] = first?.candidates ?? [];
  const rename = candidate === undefined ? "" : `--rename ${path}=${candidate} if it is renamed, `;
  return new MigrationError(
    "SKM_AUTOGENERATE_RENAME",
    `cannot tell whether something is renamed or dropped: ${lines.join("; ")}`,
    { details: { questions: open }, hint: `say ${rename}--drop ${path} if its data shall go` },
  );
}

function noCandidate(text: string, { kind, candidates }: RenameQuestion): MigrationError {
  const list = candidates.map((name) => quoteForMessage(name)).join(", ");
  return new MigrationError(
    "SKM_AUTOGENERATE_RENAME",
    `cannot rename as in ${quoteForMessage(text)}: the new ${kind}s are ${list === "" ? "none" : list}`,
    { details: { rename: text, candidates } },
  );
}

/** @param gone what goes, as far as that is known */
function useless(text: string, gone?: readonly string[]): MigrationError {
  const [from = ""] = text.split("=");
  const suggestions = suggestNames(from.trim(), gone ?? []);
  return new MigrationError(
    "SKM_AUTOGENERATE_RENAME",
    `cannot rename as in ${quoteForMessage(text)}: nothing of the first name goes, or nothing of the second comes`,
    {
      details: { rename: text, suggestions },
      hint:
        gone === undefined
          ? "write old=new for a table and table.old=new for a column"
          : hintFor(
              suggestions.filter((name) => foldName(name) !== foldName(from.trim())),
              gone,
            ),
    },
  );
}
