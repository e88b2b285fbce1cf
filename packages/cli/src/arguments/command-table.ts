import type { CommandDefinition } from "./command-definition.ts";
import { squashCommand } from "./squash-command.ts";
import { trialCommands } from "./trial-commands.ts";

export type CommandName =
  | "upgrade"
  | "downgrade"
  | "current"
  | "history"
  | "heads"
  | "branches"
  | "show"
  | "stamp"
  | "ensure-version"
  | "check"
  | "diff"
  | "init"
  | "revision"
  | "merge"
  | "squash"
  | "edit"
  | "list-templates"
  | "adopt"
  | "copy"
  | "verify"
  | "snapshot"
  | "lock"
  | "backup"
  | "restore"
  | "rehearse"
  | "help";

export const commandTable: Readonly<Record<CommandName, CommandDefinition>> = {
  upgrade: {
    summary: "apply revisions up to a target",
    operands: { name: "revision", min: 0, max: 1, fallback: "head" },
    options: [
      "dry-run",
      "strict",
      "sql",
      "backup",
      "no-snapshot",
      "allow-newer",
      "transaction-per",
      "break-lock",
      "queue",
    ],
    description: `Applies the revisions between the current ones and the target, "head" unless told, all in one
transaction. The database is created when it is missing. Any number of processes may do this at once: one
applies, the others wait and find nothing to do. An empty database is taken by a snapshot as far as there is
one for these revisions.

A target is a revision id or the beginning of one, head, heads, a branch label, label@head, +N from where
the database is, or id+N. With --sql it may be a range: from:to, from base unless told.

A database at revisions that are unknown here, and that say that a newer program wrote it, is refused with
exit code 11. With --allow-newer it is accepted as it is where they also say that this one may open it.`,
    examples: [
      ["upgrade", "to the newest revision"],
      ["upgrade +1", "one revision further"],
      ["upgrade heads", "to the newest revisions of all branches"],
      ["upgrade head --dry-run", "show the SQL that would run"],
      ["upgrade 001:head --sql", "write a script for databases at 001"],
      ["upgrade --url sqlite:////srv/app/cache.db", "another database"],
    ],
  },
  downgrade: {
    summary: "undo revisions down to a target",
    operands: { name: "revision", min: 1, max: 1 },
    options: ["dry-run", "strict", "sql", "yes", "backup", "transaction-per", "break-lock", "queue"],
    description: `Undoes the revisions above the target, newest first, all in one transaction.

When that would delete rows or columns with data, the run is rolled back. On a terminal you are then shown
what would be lost and asked; without one the command ends with exit code 9 unless --yes is given.

A target is base (undo everything), -N from where the database is, a revision id or the beginning of one,
label@-N, or label@base. With --sql it is a range: from:to.`,
    examples: [
      ["downgrade -1", "undo the newest revision"],
      ["downgrade base --yes --backup", "undo everything, data included, after a backup"],
      ["downgrade 001_initial_schema", "back to this revision"],
      ["downgrade head:base --sql", "write a script that undoes everything"],
    ],
  },
  current: {
    summary: "show the current revision of the database",
    operands: null,
    options: ["check-heads"],
    description: `Lists the revisions that the database is at, one a line; nothing when it is at base or does not exist.
Nothing is written, not even the version table.`,
    examples: [
      ["current", "the current revision"],
      ["current -v", "with its details"],
      ["current --check-heads", "exit code 3 unless everything is applied"],
    ],
  },
  history: {
    summary: "list revisions, newest first",
    operands: null,
    options: ["rev-range", "indicate-current"],
    description: `Lists the revisions, newest first. The database is read only for --indicate-current and for a range that
says current.

A range is start:end, start: or :end, both included. Its ends are the targets of upgrade, and -N: or :+N
counted from the other end.`,
    examples: [
      ["history", "all revisions"],
      ["history -i", "with the current one marked"],
      ["history -r 001_initial_schema:head", "from one to another"],
      ["history -r -3:current", "the last three before where the database is"],
    ],
  },
  heads: {
    summary: "list the newest revisions",
    operands: null,
    options: ["resolve-dependencies"],
    description: `Lists the revisions that no other one follows. A head that another revision depends on is called
(effective head). The database is not read.`,
    examples: [
      ["heads", "the newest revisions"],
      ["heads -v", "with their details"],
    ],
  },
  branches: {
    summary: "list the revisions where branches begin",
    operands: null,
    options: [],
    description: `Lists the revisions that several others follow, and those that do. The database is not read.`,
    examples: [
      ["branches", "branch points"],
      ["branches -v", "with their details"],
    ],
  },
  show: {
    summary: "show revisions in full",
    operands: { name: "revision", min: 1, max: 1 },
    options: [],
    description: `Shows the revision with its parents, labels, file and message. The database is read only for "current".`,
    examples: [
      ["show head", "the newest revision"],
      ["show current", "where the database is"],
      ["show 001", "by the beginning of its id"],
    ],
  },
  stamp: {
    summary: "set the current revision without running anything",
    operands: { name: "revision", min: 1, max: Number.POSITIVE_INFINITY },
    options: ["purge", "sql", "break-lock"],
    description: `Writes into the version table that the database is at the given revisions. No revision runs; what the
database holds is up to you. With --purge the version table is emptied first, even when it names revisions
that do not exist; the targets are resolved before that.`,
    examples: [
      ["stamp head", "the schema is already there: record it"],
      ["stamp --purge head", "whatever the version table says now"],
      ["stamp base", "forget all revisions, keep all tables"],
    ],
  },
  "ensure-version": {
    summary: "create the version table when it is missing",
    operands: null,
    options: ["break-lock"],
    description: `Creates the version table, and the database if need be, and nothing else.`,
    examples: [["ensure-version", "create the version table"]],
  },
  check: {
    summary: "tell whether database, revisions and declared schema agree",
    operands: null,
    options: ["only"],
    description: `Ends with exit code 3 (9 for edited) unless all of this is so, each with a name for --only:
  pending  every revision is applied, and the database is at none that is unknown
  edited   no revision was edited after it was applied; only where a journal is kept
  heads    the revisions do not fork
  schema   the revisions, replayed in memory, make the declared schema; only where one is configured
  drift    the database holds what its revisions, replayed in memory, make
  snapshot the snapshot makes what its revisions, replayed in memory, make; only where there is one
Nothing is written. For heads, schema and snapshot no database is needed.`,
    examples: [
      ["check", "before a deployment"],
      ["check --only heads --only schema", "in a pull request, without a database"],
      ["check --json", "the findings as a document"],
    ],
  },
  diff: {
    summary: "compare two schemas",
    operands: null,
    options: ["from", "to", "code"],
    description: `Lists what would turn one schema into the other, a line each; nothing when they are the same. A schema is
  declared  what the configuration declares
  heads     what all revisions make, replayed in memory
  current   what the applied revisions make, replayed in memory
  database  what the database holds
Renamed tables and columns show as dropped and created. Nothing is written.`,
    examples: [
      ["diff", "what the next revision has to do"],
      ["diff --code", "the same as source text"],
      ["diff --from current --to database", "what was done to the database beside its revisions"],
    ],
  },
  init: {
    summary: "begin a project: a configuration and a directory of revision files",
    operands: { name: "directory", min: 0, max: 1, fallback: "revisions" },
    options: ["template", "url"],
    project: false,
    description: `Writes skillmeat-migrate.config.ts into the working directory and makes the directory of revision files.
Nothing that exists is changed.`,
    examples: [
      ["init", "with revision files in revisions"],
      ["init migrations --url app.db", "another directory, and the database"],
      ["init -t sql", "new revisions are SQL scripts"],
    ],
  },
  revision: {
    summary: "write the file of a new revision",
    operands: null,
    options: [
      "message",
      "autogenerate",
      "rename",
      "drop",
      "head",
      "splice",
      "branch-label",
      "version-path",
      "rev-id",
      "depends-on",
      "minimum-reader",
      "sql",
    ],
    description: `Writes a file whose upgrade and downgrade are to be filled in, and prints its path. Ids are random, so that
people who work at the same time do not get in each other's way. Nothing is overwritten.

With --autogenerate the schema that all revisions make, replayed in memory, is compared with the declared one;
the database is not read. When nothing differs, nothing is written. --sql writes SQL where no table has to be
rebuilt.`,
    examples: [
      ['revision -m "add rating"', "after the newest revision"],
      ["revision -m ratings --autogenerate", "with what leads to the declared schema"],
      ['revision -m "add rating" --sql', "as an SQL script"],
      ["revision -m networking --head base --branch-label networking", "begin a branch of its own"],
      ["revision -m hotfix --head 1a2b --splice", "begin a branch at an older revision"],
      ["revision -m cart --depends-on networking", "to be applied after another branch"],
      ["revision -m notes --minimum-reader head", "older programs may still open it"],
    ],
  },
  merge: {
    summary: "join branches by a revision that follows all of them",
    operands: { name: "revision", min: 0, max: Number.POSITIVE_INFINITY, fallback: "heads" },
    options: ["message", "splice", "branch-label", "version-path", "rev-id", "minimum-reader", "sql"],
    description: `Writes the file of a revision that follows the named ones, "heads" unless told, and prints its path. What
both branches change is listed, and whether it matters which of them a database applies first.`,
    examples: [
      ["merge", "join all heads"],
      ['merge -m "join cart and users" 1a2b 3c4d', "join these two"],
    ],
  },
  squash: squashCommand,
  edit: {
    summary: "open revision files in an editor",
    operands: { name: "revision", min: 1, max: 1 },
    options: [],
    description: `Opens the files of the revision in $EDITOR, else $VISUAL, else the first of sensible-editor, editor,
nano, vim and vi that is installed, and afterwards reads all revisions to see whether they are sound.`,
    examples: [
      ["edit head", "the newest revision"],
      ["edit current", "where the database is"],
    ],
  },
  "list-templates": {
    summary: "list what new revision files can be written in",
    operands: null,
    options: [],
    project: false,
    description: `Lists the templates that init --template and the key template of the configuration know.`,
    examples: [["list-templates", "all of them"]],
  },
  copy: {
    summary: "copy a database to a file or a server",
    operands: { name: "URL", min: 2, max: 2, usage: "<from-url> <to-url>" },
    options: ["replace", "config", "x", "driver", "lock-timeout"],
    project: false,
    description: `Copies definitions, rows, AUTOINCREMENT marks, user_version and application_id as they are at one moment.
The target gets all of it or stays as it was; definitions and numbers of rows are compared before that. A
target that holds anything is refused unless --replace is given, which replaces all of it.

Both are what --url takes: paths, file:, sqlite: or libsql: URLs. --driver is for those that are files. A
server needs a token that may read, or write: TURSO_AUTH_TOKEN, or authToken in the configuration.`,
    examples: [
      ["copy app.db backup.db", "to a new file"],
      ["copy app.db libsql://app.example", "to a server"],
      ["copy libsql://app.example app.db --replace", "back, in place of what is there"],
    ],
  },
  ...trialCommands,
  lock: {
    summary: "show or end the turn of a run that works on a server",
    operands: { name: "action", min: 1, max: 1, usage: "status|break" },
    options: [],
    description: `Runs on a server that got in each other's way wait in line. "lock status" says whose turn it is, and writes
nothing. "lock break" ends that turn, for a process that is dead; a turn also ends by itself after a while.
Nothing can be lost: each revision checks the version by itself, and a process that is alive gets in line again.

A file has no line: SQLite's own locks end with the process that holds them.`,
    examples: [
      ["lock status", "whose turn it is"],
      ["lock break", "end it"],
    ],
  },
  adopt: {
    summary: "take over a database that another tool has made",
    operands: { name: "revision", min: 0, max: Number.POSITIVE_INFINITY },
    options: ["dry-run", "exclude", "purge"],
    description: `Finds the revision whose schema is that of the database, by replaying the revisions in memory, and stamps it.
When there is none, the differences to the named or the nearest one are shown and nothing is written. Tables
in which Drizzle, Prisma, Knex, Kysely or Wrangler keep what they have applied are left out, and stay.

With --purge version rows that name unknown revisions are replaced.`,
    examples: [
      ["adopt --dry-run", "where is this database, and what did it make?"],
      ["adopt", "stamp that"],
      ["adopt 1a2b --exclude log", "it must be this revision, apart from the table log"],
    ],
  },
  help: {
    summary: "show this text, or the help of a command",
    operands: { name: "command", min: 0, max: 1 },
    options: [],
    project: false,
    description: `Shows the commands, or what one of them does.`,
    examples: [["help downgrade", "the same as downgrade --help"]],
  },
};

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandTable, name);
}

export const commandNames: readonly CommandName[] = Object.keys(commandTable).filter((name) =>
  isCommandName(name),
);
