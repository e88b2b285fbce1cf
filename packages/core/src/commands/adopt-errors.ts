import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { suggestNames } from "../revision/suggest-names.ts";
import { foldName } from "../schema/table-definition.ts";
import type { State } from "./adopt.ts";

/** How many differences a message shows. */
const shown = 20;

export function differs(states: readonly State[], isNamed: boolean): MigrationError {
  const nearest = states.reduce<State | undefined>(
    (best, state) =>
      best === undefined || state.differences.length <= best.differences.length ? state : best,
    undefined,
  );
  const { heads = [], differences = [] } = nearest ?? {};
  const name = heads.map((id) => quoteForMessage(id)).join(", ") || "base";
  const lines = differences.slice(0, shown).map((difference) => `\n  ${difference}`);
  const more = differences.length > shown ? `\n  … and ${differences.length - shown} more` : "";
  const which = isNamed ? `of ${name}` : `of any revision; the nearest is ${name}`;
  return new MigrationError(
    "SKM_ADOPT_DIFFERS",
    `the schema of the database is not that ${which}, which this would turn into it:${lines.join("")}${more}`,
    {
      details: { heads, differences },
      hint: "write a revision that makes these objects as they are, change the database, or leave them out with --exclude",
    },
  );
}

export function ambiguous(states: readonly State[]): MigrationError {
  const candidates = states.map(({ heads }) => heads.join(" "));
  return new MigrationError(
    "SKM_ADOPT_AMBIGUOUS",
    `several revisions have the schema of the database: ${candidates.join(", ")}`,
    {
      details: { candidates },
      hint: "what lies between them leaves the schema as it is: find out which of them have run here, and name the last one",
    },
  );
}

export function foreignRows(unknown: readonly string[]): MigrationError {
  const names = unknown.map((id) => quoteForMessage(id)).join(", ");
  return new MigrationError(
    "SKM_VERSION_UNKNOWN",
    `the version table names revisions that are not here: ${names}`,
    {
      details: { unknown },
      hint: "with --purge they are replaced; Alembic can then no longer carry on where it stopped",
    },
  );
}

export function nothingThere(): MigrationError {
  return new MigrationError("SKM_DB_MISSING", "there is no database to adopt", {
    hint: "check the path; a new database is made by `upgrade`",
  });
}

/** Nothing has been made in it, so that nobody's work has to be proven. */
export function emptyDatabase(): MigrationError {
  return new MigrationError(
    "SKM_ADOPT_DIFFERS",
    "there is nothing to adopt: the database is empty, apart from what is left out",
    {
      details: { heads: [], differences: [] },
      hint: "run `upgrade`, which makes everything; `adopt base` would only say that nothing is applied",
    },
  );
}

export function noRevisions(): MigrationError {
  return new MigrationError(
    "SKM_ADOPT_DIFFERS",
    "there is no revision whose schema the database could have: there are no revisions",
    {
      details: { heads: [], differences: [] },
      hint: "check where the revisions are (--versions), or write one that makes what the database holds",
    },
  );
}

/** The first name to leave out that is not among others. A pattern may find nothing. */
export function findUnknown(exclude: readonly string[], names: readonly string[]): string | undefined {
  const known = new Set(names.map(foldName));
  return exclude.find((name) => !name.includes("*") && !known.has(foldName(name)));
}

/**
 * A name that nothing has leaves nothing out; it is a slip.
 *
 * @param names what the database holds and what the revisions make
 * @throws {MigrationError} SKM_USAGE
 */
export function assertExcluded(exclude: readonly string[], names: readonly string[]): void {
  const unknown = findUnknown(exclude, names);
  if (unknown === undefined) return;
  const suggestions = suggestNames(unknown, new Set(names));
  throw new MigrationError(
    "SKM_USAGE",
    `cannot exclude ${quoteForMessage(unknown)}: neither the database nor a revision has anything of this name`,
    {
      details: { exclude: unknown, suggestions },
      hint:
        suggestions.length === 0
          ? "correct the name, or leave it out"
          : `did you mean ${suggestions.map((name) => quoteForMessage(name)).join(", ")}?`,
    },
  );
}
