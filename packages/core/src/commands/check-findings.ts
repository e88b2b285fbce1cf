import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import type { OutdatedReaders } from "./newer-database.ts";
import type { EditedRevision } from "./read-journal.ts";

/** The errors that a check finds. Each says what is wrong on the first line, then what exactly, a line each. */

export function pendingRevisions(state: {
  readonly heads: readonly string[];
  readonly pending: readonly string[];
}): MigrationError {
  const { heads, pending } = state;
  const shown = pending.length > 10 ? [...pending.slice(0, 10), "…"] : pending;
  return new MigrationError(
    "SKM_CHECK_PENDING",
    `${count(pending.length, "revision")} not applied: ${shown.join(", ")}; the database is at ${showHeads(heads)}`,
    { details: { heads, pending }, hint: "run `upgrade heads`" },
  );
}

export function unknownRevision({ code, message, details, hint }: MigrationError): MigrationError {
  const isNewer = code === "SKM_DATABASE_NEWER";
  return new MigrationError(isNewer ? "SKM_CHECK_NEWER" : "SKM_CHECK_UNKNOWN", message, {
    details,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function editedRevision({
  revision,
  path,
  appliedAt,
  expected,
  found,
}: EditedRevision): MigrationError {
  const where = path === null ? "" : ` (${quoteForMessage(path, 1000)})`;
  return new MigrationError(
    "SKM_CHECKSUM",
    `revision ${quoteForMessage(revision)}${where} was edited after it was applied at ${appliedAt}: its checksum was ${expected.slice(0, 12)} and is ${found.slice(0, 12)}`,
    {
      details: { revision, path, appliedAt, expected, found },
      hint: "undo the edit, and write a new revision for what it was to do",
    },
  );
}

export function editedReaders({ revision, noted, declared }: OutdatedReaders): MigrationError {
  const list = (ids: readonly string[]): string => ids.map((id) => quoteForMessage(id)).join(" and ");
  return new MigrationError(
    "SKM_CHECK_READERS",
    `the database says that code which knows ${list(noted)} may open it, and revision ${quoteForMessage(revision)} says now that it has to know ${list(declared)}`,
    {
      details: { revision, noted, declared },
      hint: "undo the edit, or note it in the database with `stamp --purge` and its current revisions",
    },
  );
}

export function forkedHeads(heads: readonly string[]): MigrationError {
  return new MigrationError("SKM_CHECK_HEADS", `the revisions have several heads: ${heads.join(", ")}`, {
    details: { heads },
    hint: "join them with `merge heads`, or give the branches labels when they are to stay",
  });
}

export function otherSchema(differences: readonly string[]): MigrationError {
  return new MigrationError(
    "SKM_CHECK_SCHEMA",
    `the revisions do not make the declared schema; what is missing:${list(differences)}`,
    { details: { differences }, hint: "run `revision --autogenerate`" },
  );
}

export function drift(heads: readonly string[], differences: readonly string[]): MigrationError {
  return new MigrationError(
    "SKM_CHECK_DRIFT",
    `the database is not what the revisions up to ${showHeads(heads)} make; what was done beside them:${list(differences)}`,
    {
      details: { heads, differences },
      hint: "undo it in the database, or write a revision that does it and stamp; `exclude` leaves out what others own",
    },
  );
}

const showHeads = (heads: readonly string[]): string => (heads.length === 0 ? "base" : heads.join(", "));

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function list(lines: readonly string[]): string {
  const shown = lines.length > 20 ? [...lines.slice(0, 20), `… ${lines.length - 20} more`] : lines;
  return shown.map((line) => `\n  ${line}`).join("");
}
