import { DriverError } from "../driver/driver-error.ts";
import { toMigrationError } from "../driver/to-migration-error.ts";
import { errorCodes, type ErrorCode } from "../errors/codes.ts";
import { MigrationError } from "../errors/migration-error.ts";
import { escapeControls, quoteForMessage } from "../errors/quote-for-message.ts";
import type { Step } from "../revision/revision-info.ts";

/** Where and in what state a run failed. */
export interface FailurePlace {
  /** The step at work, if the failure belongs to one. */
  readonly step: Step | undefined;
  /** 1-based number of the statement in the revision, with its text, if one was at work. */
  readonly statement?: { readonly number: number; readonly sql: string } | undefined;
  /** Revisions that this run has already committed. */
  readonly applied: readonly string[];
  /** Revisions that this run meant to do and did not. */
  readonly pending: readonly string[];
  /** The heads that the database has now; `undefined` when they were not read. */
  readonly heads: readonly string[] | undefined;
}

const sqlLimit = 2000;

/**
 * Builds the error of a failed run: what failed, where, what state the database is in. Codes that say
 * more than "failed" (busy, disk full, a mistake in the revision) are kept.
 */
export function explainFailure(error: unknown, place: FailurePlace): MigrationError {
  const { code, message, hint, exitCode } = partial(classify(error, place), place);
  const isKnown = code !== "SKM_COMMIT_UNKNOWN";
  const state = isKnown ? `; ${describeState(place)}` : "";
  return new MigrationError(code, `${describePlace(place)}${message}${state}`, {
    cause: error,
    details: { ...detailsOf(error), ...placeDetails(place), ...(isKnown ? headsOf(place) : {}) },
    ...(hint === undefined ? {} : { hint }),
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

interface Classified {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exitCode?: number;
}

function classify(error: unknown, place: FailurePlace): Classified {
  if (error instanceof MigrationError) {
    return { code: error.code, message: error.message, hint: error.hint, exitCode: error.exitCode };
  }
  if (error instanceof DriverError) {
    const mapped = toMigrationError(error, { statementCode: "SKM_MIGRATION_FAILED" });
    const hint = hintFor(error, place) ?? mapped.hint ?? snapshotHint(place);
    return { code: mapped.code, message: mapped.message, hint };
  }
  return { code: "SKM_MIGRATION_FAILED", message: describeThrown(error) };
}

/** "Failed, database unchanged" is no answer where this run has committed revisions before. */
function partial(classified: Classified, place: FailurePlace): Classified {
  const exitCode = classified.exitCode ?? errorCodes[classified.code].exitCode;
  return place.applied.length > 0 && exitCode === 7 ? { ...classified, exitCode: 8 } : classified;
}

function describeThrown(error: unknown): string {
  if (error instanceof Error) return escapeControls(`${error.name}: ${error.message}`);
  return `it threw ${quoteForMessage(error)}`;
}

function snapshotHint({ step }: FailurePlace): string | undefined {
  return step?.snapshot === undefined ? undefined : "replay the revisions: `upgrade --no-snapshot`";
}

function hintFor({ kind, message }: DriverError, { heads, step }: FailurePlace): string | undefined {
  // At a later step, an earlier one of the same run may have made it.
  const isFirst = heads?.length === 0 && step?.headsBefore.length === 0;
  if (kind === "sql" && isFirst && /already exists/u.test(message)) {
    return "the database has this object but no revision is recorded; if it is complete, record that with `stamp <revision>`";
  }
  return engineHints.find(([pattern]) => pattern.test(message))?.[1];
}

/** What SQLite refuses in words that do not tell the way out (lang_altertable.html, lang_createindex.html). */
const engineHints: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /^UNIQUE constraint failed/u,
    "several rows have the same values in these columns: repair them with op.execute before this",
  ],
  [
    /cannot add a NOT NULL column with default value NULL/iu,
    "the table has rows: give the column a default, or add it nullable, fill it with op.execute, and make it NOT NULL with op.alterColumn",
  ],
  [
    /cannot add a (?:REFERENCES column with non-NULL|column with non-constant) default/iu,
    "the table has rows: use op.addColumn, which rebuilds the table where SQLite cannot add the column",
  ],
];

function describePlace(place: FailurePlace): string {
  if (place.step === undefined) return "";
  const what = place.step.snapshot === undefined ? `${place.step.kind} of revision` : "the snapshot up to";
  const at = place.statement === undefined ? "" : `, statement ${place.statement.number}`;
  return `${what} ${quoteForMessage(place.step.revision)} failed${at}: `;
}

function describeState(place: FailurePlace): string {
  const { heads, applied, step } = place;
  if (heads === undefined) return "the database is unchanged";
  const at = heads.length === 0 ? "base" : heads.map((id) => quoteForMessage(id)).join(", ");
  if (applied.length === 0) return `the database is unchanged, at ${at}`;
  const committed = applied.length === 1 ? "1 revision" : `${applied.length} revisions`;
  const before = step === undefined ? "" : " before it";
  return `${committed}${before} ${applied.length === 1 ? "was" : "were"} committed, the database is at ${at}`;
}

function placeDetails(place: FailurePlace) {
  return {
    ...(place.step === undefined ? {} : { revision: place.step.revision, direction: place.step.kind }),
    ...(place.statement === undefined
      ? {}
      : { statement: place.statement.number, sql: place.statement.sql.slice(0, sqlLimit) }),
    applied: place.applied,
    pending: place.pending,
  };
}

const headsOf = ({ heads }: FailurePlace) => (heads === undefined ? {} : { heads });

function detailsOf(error: unknown) {
  if (error instanceof MigrationError) return error.details;
  if (!(error instanceof DriverError)) return {};
  return { kind: error.kind, ...(error.engineCode === undefined ? {} : { engineCode: error.engineCode }) };
}
