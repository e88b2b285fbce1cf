/** An option of the command line. */
export interface OptionDefinition {
  /** The one-letter form, without the hyphen. */
  readonly short?: string;
  /** `false` where only the one-letter form exists. */
  readonly long?: false;
  readonly summary: string;
}

export interface ValueDefinition extends OptionDefinition {
  /** What the value is called in help texts. */
  readonly value: string;
  readonly repeatable?: true;
}

export type SwitchName =
  | "help"
  | "version"
  | "verbose"
  | "backup"
  | "no-backup"
  | "no-snapshot"
  | "no-downgrade"
  | "quiet"
  | "json"
  | "debug"
  | "no-color"
  | "allow-foreign"
  | "indicate-current"
  | "resolve-dependencies"
  | "check-heads"
  | "purge"
  | "dry-run"
  | "sql"
  | "no-rows"
  | "strict"
  | "break-lock"
  | "yes"
  | "splice"
  | "replace"
  | "autogenerate"
  | "queue"
  | "allow-newer"
  | "code"
  | "keep-operations"
  | "drop-data-operations";

export type ValueName =
  | "directory"
  | "config"
  | "x"
  | "url"
  | "driver"
  | "versions"
  | "version-table"
  | "lock-timeout"
  | "rev-range"
  | "message"
  | "head"
  | "branch-label"
  | "version-path"
  | "rev-id"
  | "depends-on"
  | "minimum-reader"
  | "template"
  | "rename"
  | "exclude"
  | "drop"
  | "only"
  | "from"
  | "to"
  | "transaction-per"
  | "archive";

export type OptionName = SwitchName | ValueName;

/** Options without a value. */
export const switchTable: Readonly<Record<SwitchName, OptionDefinition>> = {
  help: { short: "h", summary: "show the help of the command" },
  version: { summary: "show the version of this program" },
  verbose: { short: "v", summary: "say more: details of revisions, SQL as it runs, what is used" },
  quiet: { short: "q", summary: "say nothing but errors and the data asked for" },
  json: { summary: "write one JSON document to standard output" },
  debug: { summary: "show stack traces and causes of errors" },
  "no-color": { summary: "do not colour messages; NO_COLOR=1 does the same" },
  "allow-foreign": { summary: "accept a database with the application_id of another program" },
  "indicate-current": { short: "i", summary: "mark the current revisions, which reads the database" },
  "resolve-dependencies": { summary: "leave out heads that another revision depends on" },
  "check-heads": { summary: "end with exit code 3 unless all heads are applied" },
  backup: { summary: "make a backup before the first revision" },
  "no-downgrade": { summary: "try the upgrade only" },
  "no-snapshot": { summary: "replay the revisions, also in an empty database" },
  "no-backup": { summary: "make no backup of what is replaced" },
  purge: { summary: "empty the version table first, whatever it holds" },
  "dry-run": { summary: "show the plan with its SQL and write nothing" },
  strict: { summary: "end with exit code 3 where the plan has a warning, before anything runs" },
  sql: { summary: "write SQL: the script of a range <from>:<to>, or a new revision as a script" },
  queue: { summary: "on a server: wait in line from the beginning, for runs that start together" },
  "allow-newer": { summary: "accept a newer database that these revisions may open, and leave it as it is" },
  replace: { summary: "replace everything that the target holds" },
  "break-lock": { summary: "remove the lock directory of a killed process; never of one that runs" },
  "no-rows": { summary: "leave the tables empty" },
  yes: { short: "y", summary: "delete data without asking" },
  autogenerate: { summary: "fill in what leads from the revisions to the declared schema" },
  code: { summary: "show the differences as the calls of a revision" },
  "keep-operations": { summary: "do all that the old revisions do, one after the other, rows included" },
  "drop-data-operations": { summary: "leave out what the old revisions do to rows; only from a base" },
  splice: { summary: "allow to follow a revision that is not a head, which begins a branch" },
};

/** Options with a value. */
export const valueTable: Readonly<Record<ValueName, ValueDefinition>> = {
  config: { short: "c", value: "file", summary: "configuration file (SKILLMEAT_MIGRATE_CONFIG)" },
  x: {
    short: "x",
    long: false,
    value: "key=value",
    repeatable: true,
    summary: "argument for the configuration function; may be repeated",
  },
  url: { value: "url", summary: "database: a path, file:, sqlite: or libsql: URL (SKILLMEAT_DATABASE_URL)" },
  driver: {
    value: "name",
    summary: "better-sqlite3, node-sqlite, node-sqlite3-wasm or libsql, instead of what the URL suggests",
  },
  directory: {
    value: "directory",
    summary: "where the copy lies meanwhile, the directory for temporary files unless told",
  },
  versions: {
    value: "directory",
    repeatable: true,
    summary: "directory of revision files; may be repeated",
  },
  "version-table": { value: "name", summary: "version table, alembic_version unless told" },
  "lock-timeout": {
    value: "time",
    summary: "longest wait for another process: 500, 500ms, 30s, 2m; 30s unless told",
  },
  "rev-range": {
    short: "r",
    value: "start:end",
    summary: "range of revisions, such as a1b2:head or -3:current",
  },
  message: { short: "m", value: "text", summary: "what the revision does; part of the file's name" },
  head: {
    value: "revision",
    repeatable: true,
    summary: "the revision to follow, head unless told; base for a new root; several make a merge",
  },
  "branch-label": { value: "label", repeatable: true, summary: "name for the branch that begins here" },
  "version-path": { value: "directory", summary: "which directory of revision files to write to" },
  "rev-id": { value: "id", summary: "the id, random unless told" },
  "depends-on": {
    value: "revision",
    repeatable: true,
    summary: "a revision of another branch that must be applied before; may be repeated",
  },
  "minimum-reader": {
    value: "revision",
    repeatable: true,
    summary: "the oldest revision whose program may still open the database; may be repeated",
  },
  exclude: {
    value: "name",
    repeatable: true,
    summary: "table, view, index or trigger that no revision makes; * for any characters; may be repeated",
  },
  rename: {
    value: "old=new",
    repeatable: true,
    summary: "what is renamed: old=new for a table, table.old=new for a column; may be repeated",
  },
  drop: {
    value: "name",
    repeatable: true,
    summary: "what is dropped, not renamed: table, table.column or all",
  },
  template: { short: "t", value: "name", summary: "what new files are written in: see list-templates" },
  from: { value: "side", summary: "declared, heads, current or database; heads unless told" },
  to: { value: "side", summary: "the same; declared unless told" },
  only: {
    value: "check",
    repeatable: true,
    summary: "pending, edited, heads, schema, drift or snapshot instead of all; may be repeated",
  },
  archive: { value: "directory", summary: "where the old files are copied to before they are removed" },
  "transaction-per": {
    value: "run|revision",
    summary: "one transaction for the whole run (unless told) or for each revision",
  },
};

/** Options that every command takes. */
export const generalOptions: readonly OptionName[] = [
  "help",
  "version",
  "verbose",
  "quiet",
  "json",
  "debug",
  "no-color",
];

/** Options of every command that has to do with revisions or a database. */
export const projectOptions: readonly OptionName[] = [
  "config",
  "x",
  "url",
  "driver",
  "versions",
  "version-table",
  "lock-timeout",
  "allow-foreign",
];

export function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(switchTable, name);
}

export function isValueName(name: string): name is ValueName {
  return Object.hasOwn(valueTable, name);
}

/** The definition of an option, be it a switch or one with a value. */
export function optionDefinition(name: OptionName): OptionDefinition | ValueDefinition {
  return isSwitchName(name) ? switchTable[name] : valueTable[name];
}

/** An option as people write it: `--verbose`, or `-x` where that is all there is. */
export function showOption(name: OptionName): string {
  const { long, short } = optionDefinition(name);
  return long === false && short !== undefined ? `-${short}` : `--${name}`;
}
