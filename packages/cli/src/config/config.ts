import type {
  BackupOptions,
  DeclaredSchema,
  DiffOptions,
  Driver,
  Revision,
  SnapshotOption,
} from "@skillmeat/migrate-core";
import type { Assignments } from "../arguments/read-assignments.ts";
import type { DriverName } from "../database/driver-name.ts";

/** A program and its arguments, or a function that gets the path of the file. */
export type PostWriteHook = readonly string[] | ((file: string) => void | Promise<void>);

/** What a project tells the command line once and for all. Everything may be left out. */
export interface Config {
  /**
   * The database: a path, a `file:` or `sqlite:` URL, or a remote URL. Options and environment variables come
   * first. Relative paths start from the directory of the configuration file.
   */
  readonly url?: string;
  /** For a remote database; better kept in TURSO_AUTH_TOKEN than in a file. */
  readonly authToken?: string;
  /** A driver of your own, or the name of one. */
  readonly driver?: Driver | DriverName;
  /** Directories of revision files, relative to the configuration file, or the revisions themselves. */
  readonly revisions?: string | readonly string[] | readonly Revision[];
  /** Directories of revision files under Alembic's name; instead of `revisions`. */
  readonly versionLocations?: string | readonly string[];
  /** The schema that the program wants: a `.sql` file, a module with `defineSchema`, or the schema itself. */
  readonly schema?: string | DeclaredSchema;
  /** What of the schemas is compared, and how: `exclude`, `include`, `compareType`, `compareDefault`. */
  readonly compare?: DiffOptions;
  /** Looks for revision files in subdirectories too. */
  readonly recursive?: boolean;
  /**
   * What new revision files are written in: `"typescript"` unless told, `"javascript"`, `"sql"`, or the path of a
   * template.
   */
  readonly template?: string;
  /**
   * The name of new revision files without its extension, `{rev}_{slug}` unless told; there are also `{year}`,
   * `{month}`, `{day}`, `{hour}`, `{minute}`, `{second}` and `{epoch}`, in UTC.
   */
  readonly fileName?: string;
  /** Most characters of `{slug}`, 40 unless told. */
  readonly slugLength?: number;
  /**
   * What runs on a new revision file: programs with their arguments, `{file}` being its path, and functions. When
   * one of them fails, the file is deleted.
   */
  readonly postWriteHooks?: readonly PostWriteHook[];
  /** `alembic_version` unless told. */
  readonly versionTable?: string;
  /** Keeps a journal: `true` for the table `skillmeat_journal`, or its name. `check` then finds edited revisions. */
  readonly journal?: boolean | string;
  /** `"run"` unless told: all revisions of a run are one transaction. */
  readonly transactionPer?: "run" | "revision";
  /** Milliseconds to wait for another process, 30,000 unless told. */
  readonly lockTimeoutMs?: number;
  /** On a server: runs wait in line from the beginning, not only after they got in each other's way. */
  readonly queue?: boolean;
  /** `"allow"`: `upgrade` accepts a newer database that these revisions may open, and leaves it as it is. */
  readonly newer?: "refuse" | "allow";
  /** `"suspended"`: no foreign key is enforced during a run, and new violations fail it at its end. */
  readonly foreignKeys?: "enforced" | "suspended";
  /** The `application_id` of the project's databases; a database with another one is refused. */
  readonly applicationId?: number;
  /** Switches a database that is opened for writing to a write-ahead log. */
  readonly journalMode?: "wal";
  /**
   * `true`: a backup is made before every upgrade and downgrade. `directory`, relative to the configuration file, is that of the
   * database unless told; `keep` backups of it stay, 3 unless told.
   */
  readonly backup?: boolean | BackupOptions;
  /**
   * The file of the snapshot, relative to the configuration file, or what it holds as JSON; `false` for none.
   * `skillmeat-snapshot.json` in the first directory of revisions unless told.
   */
  readonly snapshot?: SnapshotOption;
  /** Allows a connection without TLS to another machine. */
  readonly allowInsecure?: boolean;
}

export interface ConfigContext {
  /** What was given with `-x key=value`. */
  readonly x: Assignments;
}

/** A configuration, or a function that makes one. */
export type ConfigDefinition = Config | ((context: ConfigContext) => Config | Promise<Config>);

/**
 * Gives the default export of a configuration file its type. Returns its argument.
 *
 * @example
 * export default defineConfig({ url: "app.db", revisions: "./migrations" });
 */
export function defineConfig(definition: ConfigDefinition): ConfigDefinition {
  return definition;
}
