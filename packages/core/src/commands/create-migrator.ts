import type { DiffOptions } from "../autogenerate/diff-options.ts";
import type { Driver } from "../driver/driver.ts";
import { isMigrationError, type MigrationError } from "../errors/migration-error.ts";
import { createSchemaReader } from "../inspect/schema-reader.ts";
import type { RunListener } from "../run/events.ts";
import type { RunResult } from "../run/result.ts";
import type { DeclaredSchema } from "../schema/declared-schema.ts";
import { createSession, type Session } from "../run/session.ts";
import { lazy } from "../util/lazy.ts";
import type { LockState } from "../version/courtesy-lock.ts";
import { buildJournal, type Journal, type JournalEntry } from "../version/journal.ts";
import { buildVersionTable } from "../version/version-table.ts";
import type { AutogenerateOptions, GeneratedOperations } from "./autogenerate.ts";
import { check, type CheckRequest, type CheckResult } from "./check.ts";
import type { DiffRequest, SchemaDifference } from "./diff.ts";
import type { Adoption, AdoptOptions } from "./adopt.ts";
import type { BranchComparison } from "./compare-branches.ts";
import type { CommandContext } from "./context.ts";
import type { CreatedRevision, CreateRevisionOptions } from "./create-revision.ts";
import type { DatabaseStanding } from "./newer-database.ts";
import type { EditedRevision } from "./read-journal.ts";
import type { RevisionEntry } from "./revision-entry.ts";
import { downgrade, type DowngradeOptions } from "./downgrade.ts";
import { lastUpgradeOf } from "./last-upgrade.ts";
import { loadedCommands, type Queue } from "./loaded-commands.ts";
import { ensureVersion } from "./ensure-version.ts";
import {
  describeCurrent,
  describeRevisions,
  history,
  listBranchPoints,
  listHeads,
  show,
  type HeadsOptions,
  type HistoryOptions,
} from "./list-revisions.ts";
import type { Plan, PlanOptions } from "./plan.ts";
import { findKnownHeads, findLocations, loadLibrary, type RevisionsOptions } from "./load-library.ts";
import type { SchemaContext } from "./schema-side.ts";
import type { SqlOptions } from "./sql.ts";
import type { RevisionLibrary } from "./revision-library.ts";
import type { SnapshotRequest, SnapshotResult } from "./snapshot/write-snapshot.ts";
import { findSnapshotPlace, type SnapshotOption } from "./snapshot/snapshot-place.ts";
import type { SquashedRevision, SquashOptions } from "./squash/squash.ts";
import { stamp, type StampOptions } from "./stamp.ts";
import { upgrade, type UpgradeOptions } from "./upgrade.ts";
import type { RestoreOptions, RestoreResult } from "./backup/restore-backup.ts";
import type { BackupRequest, BackupResult } from "./backup/write-backup.ts";
import type { RehearseOptions, Rehearsal } from "./rehearse/rehearse.ts";
import type { VerifyOptions, VerifyResult } from "./verify/verify.ts";

export interface MigratorOptions extends RevisionsOptions {
  readonly driver: Driver;
  /** `alembic_version` unless told. */
  readonly versionTable?: string;
  /**
   * Notes each step in a table of its own: when, how long, in which direction, by which version, and a checksum of
   * what an upgrade did. `true` for `skillmeat_journal`, or the name of the table; not kept unless told.
   */
  readonly journal?: boolean | string;
  readonly onEvent?: RunListener;
  /** One transaction for the whole run, unless told. */
  readonly transactionPer?: "run" | "revision";
  /**
   * `"suspended"`: no foreign key is enforced while revisions run, and violations that were not there
   * before fail the run at its end. `"enforced"` unless told.
   */
  readonly foreignKeys?: "enforced" | "suspended";
  /** Milliseconds to wait for another process, 30,000 unless told. */
  readonly waitMs?: number;
  /**
   * On a server: waits in line from the beginning, so that runs that start together do not get in each other's
   * way. Costs two requests; unless told, a run gets in line when another one got in its way.
   */
  readonly queue?: boolean;
  /**
   * What `upgrade` does with a database at revisions that are newer than these, where it says that this code may
   * open it: `"allow"` leaves it as it is and succeeds, `"refuse"` ends with SKM_DATABASE_NEWER. `"refuse"` unless
   * told. Nothing else ever changes such a database.
   */
  readonly newer?: "refuse" | "allow";
  /** Refuses a database whose `application_id` is neither 0 nor this. */
  readonly applicationId?: number;
  readonly signal?: AbortSignal;
  /** The schema that the program wants, for `diff` and `autogenerate`. */
  readonly schema?: DeclaredSchema;
  /** What of the schemas is compared, and how. */
  readonly compare?: DiffOptions;
  /** Makes a database in memory with each connection, to ask SQLite; that of the driver unless told. */
  readonly scratch?: Driver;
  /**
   * What takes an empty database to the newest revisions without running them: the path of a file that `snapshot()`
   * has written, or what such a file holds as JSON. `skillmeat-snapshot.json` in the first directory of revisions
   * unless told, where there is one; `false` for none.
   */
  readonly snapshot?: SnapshotOption;
}

/** Migrates one database. Its methods may be called at any time; they run one after another. */
export interface Migrator {
  /** Applies revisions up to the target, `head` unless told. */
  upgrade(target?: string | readonly string[], options?: UpgradeOptions): Promise<RunResult>;
  /** Undoes revisions down to the target: `-1` for the newest, `base` for all. */
  downgrade(target: string, options?: DowngradeOptions): Promise<RunResult>;
  /** Sets the current revision without running anything. */
  stamp(target: string | readonly string[], options?: StampOptions): Promise<RunResult>;
  /** The current heads, sorted; empty at base and for a missing database. */
  current(): Promise<readonly string[]>;
  /**
   * Whether the revisions know the current heads, and where they do not, whether this code may open the database.
   * For programs that read a database which another one migrates. Writes nothing.
   */
  standing(): Promise<DatabaseStanding>;
  /** The current heads and those they imply, described. */
  describeCurrent(): Promise<readonly RevisionEntry[]>;
  /** Newest first. */
  history(range?: string, options?: HistoryOptions): Promise<readonly RevisionEntry[]>;
  /** Ids of the newest revisions. */
  heads(options?: HeadsOptions): Promise<readonly string[]>;
  branches(): Promise<readonly RevisionEntry[]>;
  show(identifier: string): Promise<readonly RevisionEntry[]>;
  describe(ids: readonly string[]): Promise<readonly RevisionEntry[]>;
  /** What `upgrade` or `downgrade` would do. */
  plan(target?: string, options?: PlanOptions): Promise<Plan>;
  /** Compares two schemas: the revisions with the declared schema, unless told. */
  diff(request?: DiffRequest): Promise<SchemaDifference>;
  /** The operations that lead from the revisions to the declared schema, and back. */
  autogenerate(options?: AutogenerateOptions): Promise<GeneratedOperations>;
  /**
   * The SQL script of an upgrade, downgrade or stamp: `a:b` from one revision to another, `b` from base. It
   * refuses every database that is not at its beginning, and does all or nothing.
   */
  sql(range?: string, options?: SqlOptions): Promise<string>;
  /** Tries an upgrade and the way back on a copy of the database. */
  rehearse(target?: string, options?: RehearseOptions): Promise<Rehearsal>;
  /** Copies the database as it is to a file, and checks the copy. */
  backup(options?: BackupRequest): Promise<BackupResult>;
  /** Makes the database what a backup is, in one transaction. */
  restore(path: string, options?: RestoreOptions): Promise<RestoreResult>;
  /**
   * Writes a snapshot: the revisions up to the target, `heads` unless told, are replayed in memory, twice, and what
   * they make is written down and tried out.
   */
  snapshot(options?: SnapshotRequest): Promise<SnapshotResult>;
  /** Tries every revision in memory: up, down and up again. */
  verify(options?: VerifyOptions): Promise<VerifyResult>;
  /** Whether database, revisions and declared schema agree. */
  check(request?: CheckRequest): Promise<CheckResult>;
  /** What is wrong with revisions that listings therefore leave out. Commands that write refuse to start. */
  problems(): Promise<readonly MigrationError[]>;
  /** Creates the version table where it is missing; tells whether it was. */
  ensureVersion(): Promise<boolean>;
  /** What the journal says, oldest first. */
  journal(): Promise<readonly JournalEntry[]>;
  /** The applied revisions whose upgrade was edited since, as far as the journal knows them. */
  findEdited(): Promise<readonly EditedRevision[]>;
  /** Takes over a database that another tool has made, where its schema is that of a revision. */
  adopt(options?: AdoptOptions): Promise<Adoption>;
  /** What branches both touch, and whether it matters which is applied first; all heads unless told. */
  compareBranches(heads?: string | readonly string[]): Promise<readonly BranchComparison[]>;
  /** Writes the file of a new revision; the revisions must come from directories. */
  createRevision(options?: CreateRevisionOptions): Promise<CreatedRevision>;
  /** Writes one revision in the place of several, `from:to`, and removes their files; proves before that it may. */
  squash(range: string, options?: SquashOptions): Promise<SquashedRevision>;
  /** Who holds the courtesy lock of a server; `null` when nobody does, and for a file. Writes nothing. */
  lockStatus(): Promise<LockState | null>;
  /** Takes the courtesy lock of a server from its holder, and tells who that was. */
  breakLock(): Promise<LockState | null>;
  close(): Promise<void>;
}

/**
 * Makes a migrator. Nothing is opened or read until a method needs it; revisions are read once. What compiles
 * and runs revisions is imported when there is something to do: most runs find that there is not.
 *
 * @throws {TypeError} `waitMs` is not a number from 0 on.
 * @throws {MigrationError} SKM_IDENTIFIER `versionTable` cannot be the name of a table.
 * @example
 * const migrator = createMigrator({ driver: betterSqlite3("app.db"), revisions: "./migrations" });
 * await migrator.upgrade();
 * await migrator.close();
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const session = openSession(options);
  const context = createContext(options, session);
  const inTurn = explaining(context, queue());
  return {
    upgrade: (target = "head", settings) => inTurn(() => upgrade(context, target, settings)),
    downgrade: (target, settings) => inTurn(() => downgrade(context, target, settings)),
    stamp: (target, settings) => inTurn(() => stamp(context, target, settings)),
    current: () => inTurn(() => session.readHeads("read")),
    describeCurrent: () => inTurn(() => describeCurrent(context)),
    history: (range, settings) => inTurn(() => history(context, range, settings)),
    heads: (settings) =>
      inTurn(async () => (await listHeads(context, settings)).map((entry) => entry.revision)),
    branches: () => inTurn(() => listBranchPoints(context)),
    show: (identifier) => inTurn(() => show(context, identifier)),
    describe: (ids) => inTurn(() => describeRevisions(context, ids)),
    ...loadedCommands(context, inTurn),
    check: (request) => inTurn(() => check(context, request)),
    problems: () => inTurn(async () => (await context.library()).problems),
    ensureVersion: () => inTurn(() => ensureVersion(context)),
    close: () => inTurn(() => session.close()),
  };
}

function openSession(options: MigratorOptions): Session {
  const { waitMs = 30_000 } = options;
  // NaN compares as never reached: the wait would have no end.
  if (typeof waitMs !== "number" || !(waitMs >= 0)) {
    throw new TypeError(`waitMs must be a number of milliseconds from 0 on, and is ${String(waitMs)}`);
  }
  return createSession({
    driver: options.driver,
    scratch: options.scratch,
    versionTable: buildVersionTable(options.versionTable),
    journal: openJournal(options.journal),
    waitMs,
    applicationId: options.applicationId,
    signal: options.signal,
    queue: options.queue,
  });
}

function openJournal(journal: boolean | string = false): Journal | undefined {
  if (journal === false) return undefined;
  return journal === true ? buildJournal() : buildJournal(journal);
}

function createContext(options: MigratorOptions, session: Session): SchemaContext {
  let library: Promise<RevisionLibrary> | undefined;
  const locations = lazy(() => findLocations(options));
  const read = createSchemaReader();
  const scratch = options.scratch ?? options.driver.scratch;
  const lastUpgrade = lazy(() => {
    const first = options.revisions[0];
    const key = typeof first === "object" ? first : locations().directories.join("\n");
    return lastUpgradeOf(key, session.options.versionTable.name);
  });
  return {
    session,
    library: () => (library ??= loadLibrary(options)),
    knownHeads: () => (library === undefined ? findKnownHeads(options, locations()) : null),
    forgetLibrary: () => {
      library = undefined;
    },
    get locations() {
      return locations();
    },
    get snapshot() {
      return findSnapshotPlace(options.snapshot, locations());
    },
    get lastUpgrade() {
      return lastUpgrade();
    },
    emit: options.onEvent ?? (() => undefined),
    transactionPer: options.transactionPer ?? "run",
    foreignKeys: options.foreignKeys ?? "enforced",
    newer: options.newer ?? "refuse",
    signal: options.signal,
    readDatabase: read,
    declared: options.schema,
    compare: options.compare ?? {},
    scratch: {
      driver: scratch,
      versionTable: session.options.versionTable,
      signal: options.signal,
      // What one engine says about a text need not be what another one says.
      read: scratch?.name === options.driver.name ? read : createSchemaReader(),
    },
  };
}

/** A database that is newer than the revisions is refused by every command in the same words. */
function explaining(context: CommandContext, inTurn: Queue): Queue {
  return async (task) =>
    await inTurn(async () => {
      try {
        return await task();
      } catch (error) {
        if (!isMigrationError(error, "SKM_VERSION_UNKNOWN")) throw error;
        const { explainUnknown } = await import("./on-demand.ts");
        throw await explainUnknown(context, error);
      }
    });
}

/** Runs tasks one after another: two runs on one connection would be inside each other's transaction. */
function queue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return async (task) => {
    const result = last.then(task, task);
    last = result;
    return await result;
  };
}
