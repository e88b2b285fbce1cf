import type { RevisionGraph } from "../../revision/revision-graph.ts";
import type { Step } from "../../revision/revision-info.ts";
import { inlineParameters } from "../../sql/inline-parameters.ts";
import { quoteIdentifier } from "../../sql/quote-identifier.ts";
import { renderLiteral } from "../../sql/render-literal.ts";
import type { Journal } from "../../version/journal.ts";
import { changeVersionRows, type VersionTable } from "../../version/version-table.ts";
import { planReadersOffline } from "../plan-readers.ts";
import type { OfflineChunk, OfflineUnit } from "./compile-chunk.ts";
import { endConditions, startChecks } from "./schema-checks.ts";
import { check, type ScriptCheck, type ScriptPart } from "./script-part.ts";

/**
 * The table in which a running script notes which checks have held. It exists inside the transaction only.
 * A shell that goes on after an error reaches the end of the script with notes missing, and the transaction
 * is rolled back.
 */
const notes = "_skm_script";
const createNotes = `CREATE TABLE IF NOT EXISTS ${notes} (step INTEGER PRIMARY KEY, violations INTEGER NOT NULL)`;

/** Stands in `violations`, which needs a value: reading all foreign keys is for those who suspend them. */
const countViolations = "(SELECT count(*) FROM pragma_foreign_key_check)";

export interface ScriptRequest {
  readonly graph: RevisionGraph;
  /** The database that the script is for has the table of the readers. */
  readonly hasReaders: boolean;
  /** A line for the reader. */
  readonly title: string;
  readonly chunks: readonly OfflineChunk[];
  readonly versionTable: VersionTable;
  /** Made where it is missing; the units bring what they note in it. */
  readonly journal: Journal | undefined;
}

/** Writes chunks as an SQL script, each a transaction that refuses any database but the one it is for. */
export function renderScript({ title, chunks, ...tables }: ScriptRequest): string {
  const header = `-- ${oneLine(title)}`;
  if (chunks.length === 0) return `${header}\n`;
  const advice = "-- Run it with a shell that stops at the first error: sqlite3 -bail DATABASE < SCRIPT";
  return [`${header}\n${advice}`, ...chunks.flatMap((chunk) => renderChunk(chunk, tables))]
    .map((block) => `${block}\n`)
    .join("\n");
}

function renderChunk(
  chunk: OfflineChunk,
  { graph, hasReaders, versionTable, journal }: Omit<ScriptRequest, "title" | "chunks">,
): readonly string[] {
  const { units, foreignKeys, change } = chunk;
  const suspended = foreignKeys === "suspended";
  const before = units[0]?.unit.step.headsBefore ?? [];
  const after = units.at(-1)?.unit.step.headsAfter ?? [];
  const checks = createChecks(suspended);
  const parts = units.flatMap((unit) => unitParts(unit, versionTable));
  return [
    `PRAGMA foreign_keys = ${suspended ? "OFF" : "ON"};`,
    // Not IMMEDIATE: where that fails, a shell that goes on would run the rest without a transaction.
    "BEGIN;",
    inlineParameters(versionTable.create),
    ...(journal === undefined ? [] : [inlineParameters(journal.create)]),
    `${createNotes};`,
    checks.render(check(`the database is at ${showHeads(before)}`, hasRows(versionTable, before))),
    checks.render(
      check(
        `foreign keys are ${foreignKeys}`,
        `(SELECT foreign_keys FROM pragma_foreign_keys) = ${suspended ? 0 : 1}`,
      ),
    ),
    ...startChecks(change).map((one) => checks.render(one)),
    ...parts.flatMap((part) => renderPart(part, checks, suspended)),
    ...planReadersOffline(versionTable.readers, { graph, heads: after, hasReaders }).map(inlineParameters),
    checks.render(endCheck(versionTable, after, chunk)),
    `-- All ${checks.count()} checks must have held, or nothing stays\n${createNotes};\nINSERT OR ROLLBACK INTO ${notes} SELECT 0, NULL WHERE (SELECT count(*) FROM ${notes}) <> ${checks.count()};`,
    `DROP TABLE ${notes};`,
    "COMMIT;",
    ...(suspended ? ["PRAGMA foreign_keys = ON;"] : []),
  ];
}

function unitParts({ unit, parts }: OfflineUnit, versionTable: VersionTable): readonly ScriptPart[] {
  const { step, message, downRevisions } = unit;
  const rows = changeVersionRows(versionTable, step.headsBefore, step.headsAfter);
  return [
    { kind: "comment", text: describeStep(step, message, downRevisions) },
    ...parts,
    ...rows.map((row): ScriptPart => ({ kind: "statement", statement: row })),
  ];
}

/** The line that Alembic writes. */
function describeStep(
  { kind, revision, headsBefore, headsAfter }: Step,
  message: string | undefined,
  downRevisions: readonly string[],
): string {
  if (kind === "stamp") {
    const gone = headsBefore.filter((id) => !headsAfter.includes(id));
    const come = headsAfter.filter((id) => !headsBefore.includes(id));
    return `Running stamp_revision ${gone.join(", ")} -> ${come.join(", ")}`;
  }
  const down = downRevisions.join(", ");
  const [from, to] = kind === "upgrade" ? [down, revision] : [revision, down];
  const title = message?.split("\n", 1)[0];
  return `Running ${kind} ${from} -> ${to}${title === undefined || title === "" ? "" : `, ${title}`}`;
}

function renderPart(part: ScriptPart, checks: Checks, suspended: boolean): readonly string[] {
  if (part.kind === "comment") return [`-- ${oneLine(part.text)}`];
  if (part.kind === "statement") {
    const { comment } = part;
    const lead = comment === undefined ? "" : `-- ${oneLine(comment)}\n`;
    return [`${lead}${inlineParameters(part.statement)}`];
  }
  return suspended && part.onlyEnforced === true ? [] : [checks.render(part)];
}

function endCheck(
  versionTable: VersionTable,
  heads: readonly string[],
  { change, foreignKeys }: OfflineChunk,
): ScriptCheck {
  const conditions = [
    hasRows(versionTable, heads),
    ...endConditions(change),
    // More than there were at the start.
    ...(foreignKeys === "suspended"
      ? [`${countViolations} <= (SELECT violations FROM ${notes} WHERE step = 1)`]
      : []),
  ];
  return check(
    `everything has been done, and the database is at ${showHeads(heads)}`,
    conditions.join("\n  AND "),
  );
}

interface Checks {
  render(one: ScriptCheck): string;
  count(): number;
}

function createChecks(suspended: boolean): Checks {
  let number = 0;
  return {
    count: () => number,
    render: ({ meaning, condition }) => {
      number += 1;
      const violations = suspended && number === 1 ? countViolations : "0";
      // The one error of SQLite that can say something: a text that is no path of JSON.
      const refusal = `json_extract('{}', ${renderLiteral(`stopped, this must be true: ${oneLine(meaning)}`)})`;
      return `-- Check ${number}: ${oneLine(meaning)}\nINSERT INTO ${notes} SELECT CASE WHEN ${condition}\n  THEN ${number} ELSE ${refusal} END, ${violations};`;
    },
  };
}

function hasRows({ name }: VersionTable, heads: readonly string[]): string {
  const table = quoteIdentifier(name);
  if (heads.length === 0) return `NOT EXISTS (SELECT 1 FROM ${table})`;
  const ids = heads.map(renderLiteral).join(", ");
  return `(SELECT count(*) = ${heads.length} AND sum(version_num IN (${ids})) = ${heads.length} FROM ${table})`;
}

const showHeads = (heads: readonly string[]): string => (heads.length === 0 ? "base" : heads.join(", "));

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
