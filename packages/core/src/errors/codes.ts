/** What a code means and the exit code the command line ends with when it is the outcome. */
export interface ErrorCodeInfo {
  readonly exitCode: number;
  readonly meaning: string;
}

const define = <Code extends string>(
  table: Readonly<Record<Code, readonly [exitCode: number, meaning: string]>>,
): Readonly<Record<Code, ErrorCodeInfo>> => {
  const entries = Object.entries<readonly [number, string]>(table).map(([code, [exitCode, meaning]]) => [
    code,
    { exitCode, meaning },
  ]);
  return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<Code, ErrorCodeInfo>>;
};

/**
 * Every code a {@link MigrationError} can carry. The groups follow the exit codes: 1 a bug of ours ·
 * 2 usage or configuration · 3 `check` says no · 4 revision files or graph · 5 database unusable ·
 * 6 busy · 7 failed and rolled back · 8 outcome unknown · 9 refused for safety · 10 remote ·
 * 11 the database is newer than the code.
 */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeInfo>> = define<ErrorCode>({
  SKM_INTERNAL: [1, "a bug in SkillMeat Migrate"],
  SKM_IO: [1, "the output could not be written"],

  SKM_USAGE: [2, "a command, option or argument is not understood"],
  SKM_URL: [2, "a database URL or path is not usable"],
  SKM_CONFIG_NOT_FOUND: [2, "the configuration file does not exist"],
  SKM_CONFIG_LOAD: [2, "the configuration file cannot be loaded"],
  SKM_CONFIG_SHAPE: [2, "the configuration has an unknown key or a value of the wrong type"],
  SKM_DRIVER_MISSING: [2, "the database library of the chosen driver is not installed"],
  SKM_NODE_VERSION: [2, "this Node.js is too old"],
  SKM_SCHEMA_MISSING: [2, "no schema is declared that could be compared"],
  SKM_SCHEMA_INVALID: [2, "the declared schema is not one, or SQLite refuses it"],
  SKM_SCRIPT_ID: [2, "a revision id or branch label has characters or a form that is not allowed"],
  SKM_EDITOR: [2, "there is no editor, or it failed"],

  SKM_CHECK_PENDING: [3, "the database is not at the newest revisions"],
  SKM_CHECK_SCHEMA: [3, "the revisions do not make the declared schema"],
  SKM_CHECK_DRIFT: [3, "the database does not hold what its revisions make"],
  SKM_CHECK_HEADS: [3, "the revisions fork into several heads"],
  SKM_CHECK_UNKNOWN: [3, "the database is at a revision that is not in the revision files"],
  SKM_CHECK_SNAPSHOT: [3, "the snapshot is not of these revisions, or does not make what they make"],
  SKM_CHECK_READERS: [3, "a revision says something else about older code than when it was applied"],
  SKM_CHECK_NEWER: [3, "the database is at a revision that is newer than the revision files"],
  SKM_LINT: [3, "the plan has warnings, and they were asked to be errors"],
  SKM_REHEARSAL: [3, "a rehearsal on a copy of the database found faults"],
  SKM_VERIFY: [3, "a revision does not come through going up, down and up again"],

  SKM_SCRIPT_DIR: [4, "the directory of revision files cannot be read or written"],
  SKM_SCRIPT_SYNTAX: [4, "a revision file is not valid source text"],
  SKM_SCRIPT_LOAD: [4, "a revision file fails while it is loaded"],
  SKM_SCRIPT_EXIT: [4, "a revision file ends the process while it is loaded"],
  SKM_SCRIPT_EXPORT: [4, "a revision file does not export what a revision needs"],
  SKM_SCRIPT_DUPLICATE: [4, "two revisions have the same id"],
  SKM_SCRIPT_OUTSIDE: [4, "a revision file lies outside its directory"],
  SKM_SNAPSHOT_FILE: [4, "a snapshot cannot be read or written, is damaged, or was edited"],
  SKM_HOOK: [4, "what runs on a new revision file failed; the file was deleted"],
  SKM_SCRIPT_POLLUTION: [4, "a revision file changes Object.prototype"],
  SKM_GRAPH_UNKNOWN: [4, "no revision or branch has this name"],
  SKM_GRAPH_AMBIGUOUS: [4, "a partial revision id fits several revisions"],
  SKM_GRAPH_NO_BRANCH: [4, "no branch has this label"],
  SKM_GRAPH_NOT_IN_BRANCH: [4, "the revision is not on the named branch"],
  SKM_GRAPH_MULTIPLE_HEADS: [4, "several heads exist where one is needed"],
  SKM_GRAPH_NOT_ANCESTOR: [4, "the two revisions are not ancestor and descendant"],
  SKM_GRAPH_RANGE: [4, "a relative revision walks past the end of the graph"],
  SKM_GRAPH_AMBIGUOUS_WALK: [4, "a relative revision has several ways to go"],
  SKM_GRAPH_OVERLAP: [4, "one of the named revisions is an ancestor of another"],
  SKM_GRAPH_DIRECTION: [4, "the target does not lie in the direction of the command"],
  SKM_GRAPH_NOT_A_HEAD: [4, "a new revision can only follow a head unless it is spliced"],
  SKM_GRAPH_CYCLE: [4, "revisions form a cycle"],
  SKM_GRAPH_MISSING: [4, "a revision names a parent or dependency that does not exist"],
  SKM_GRAPH_REPLACES: [4, "what a revision says it replaces cannot be"],
  SKM_GRAPH_REPLACED: [4, "a name means a revision in the middle of what another one has replaced"],
  SKM_SQUASH_RANGE: [4, "the revisions of a range are no line that one revision can stand for"],
  SKM_GRAPH_DUPLICATE_LABEL: [4, "a branch label is used twice or equals a revision id"],
  SKM_GRAPH_READER: [4, "a revision names a minimum reader that cannot be one"],

  SKM_DB_OPEN: [5, "the database cannot be opened"],
  SKM_DB_MISSING: [5, "the database file does not exist"],
  SKM_DB_IS_DIRECTORY: [5, "the database path is a directory"],
  SKM_DB_PARENT: [5, "the directory of the database file does not exist"],
  SKM_DB_PERMISSION: [5, "the database may not be read"],
  SKM_DB_READONLY: [5, "the database may not be written"],
  SKM_DB_NOT_A_DB: [5, "the file is not an SQLite database, or it is encrypted"],
  SKM_DB_CORRUPT: [5, "the database file is damaged"],
  SKM_DB_SQL: [5, "the database refused a statement of ours"],
  SKM_BACKUP: [5, "a backup cannot be written, or is not what it should be"],
  SKM_CLOSED: [5, "the connection is closed"],

  SKM_BUSY: [6, "another connection holds the database longer than the wait limit"],
  SKM_LOCK_STALE: [6, "a lock left behind by a dead process blocks the database"],

  SKM_MIGRATION_FAILED: [7, "a revision failed; everything was rolled back"],
  SKM_MIGRATION_HUNG: [7, "a revision waits for something that never happens"],
  SKM_MIGRATION_EXIT: [7, "a revision ended the process"],
  SKM_MIGRATION_ABORTED: [7, "the run was cancelled; everything was rolled back"],
  SKM_OP_AFTER_END: [7, "an operation was used after its revision had returned"],
  SKM_TX_ESCAPED: [7, "a revision tries to control the transaction"],
  SKM_SQL_FORBIDDEN: [7, "a revision holds a statement that cannot run inside a migration"],
  SKM_SQL_MULTI: [7, "one string holds several statements"],
  SKM_SQL_SYNTAX: [7, "an SQL text cannot be split into statements"],
  SKM_SQL_PARAMETERS: [7, "the values do not fit the parameters of a statement"],
  SKM_SQL_COLUMNS: [7, "a query returns several columns with the same name"],
  SKM_IDENTIFIER: [7, "a name cannot be the name of a table, column or other object"],
  SKM_LITERAL: [7, "a value has no SQL literal"],
  SKM_VALUE: [7, "a value cannot be a parameter"],
  SKM_TABLE_DEFINITION: [7, "a table or column definition contradicts itself"],
  SKM_NEEDS_REBUILD: [7, "the change needs a table rebuild"],
  SKM_OBJECT_MISSING: [7, "the table, column, constraint or index to be changed does not exist"],
  SKM_OBJECT_IN_USE: [7, "something in the database uses what would be dropped or changed"],
  SKM_VERSION_MOVED: [7, "the version rows changed while a revision ran"],
  SKM_ROWCOUNT: [7, "a table lost or gained rows while it was rebuilt"],
  SKM_FOREIGN_KEY: [7, "the run would leave rows that break a foreign key"],
  SKM_DISK_FULL: [7, "the disk is full; everything was rolled back"],
  SKM_DB_IO: [7, "the operating system failed to read or write the database; everything was rolled back"],
  SKM_COPY_FAILED: [7, "the target of a copy refused a row or a definition; nothing of the copy was kept"],
  SKM_COPY_MISMATCH: [7, "a copy does not equal its source; nothing of it was kept"],

  SKM_COMMIT_UNKNOWN: [8, "it is not known whether the commit took effect"],
  SKM_SQUASH_PARTIAL: [8, "a squashed revision is written, and old files could not be removed"],
  SKM_DB_REPLACED: [8, "the database file was moved or replaced while it was open"],

  SKM_DESTRUCTIVE: [9, "the run would delete data and was not told to"],
  SKM_CASCADE: [9, "dropping a table would delete or change rows of tables that refer to it"],
  SKM_REQUIREMENT: [9, "what a revision requires of the database is not so"],
  SKM_AUTOGENERATE_RENAME: [9, "it is not known whether something is renamed or dropped"],
  SKM_AUTOGENERATE_UNPROVEN: [9, "generated operations do not lead to the declared schema"],
  SKM_SQUASH_DATA: [9, "what revisions do to rows would be lost by squashing them"],
  SKM_SQUASH_UNPROVEN: [9, "it is not proven that one revision does what several do"],
  SKM_SQUASH_FILES: [9, "the files of revisions that are to be squashed cannot be removed or archived"],
  SKM_IRREVERSIBLE: [9, "a revision on the way has no downgrade"],
  SKM_OFFLINE_QUERY: [9, "a revision asks the database, which an SQL script cannot"],
  SKM_VERSION_UNKNOWN: [9, "the database is at a revision that is not in the revision files"],
  SKM_VERSION_REPLACED: [9, "the database is in the middle of revisions that another one has replaced"],
  SKM_VERSION_SHAPE: [9, "the version table has a form or content that no migration tool writes"],
  SKM_ADOPT_DIFFERS: [9, "the schema of the database to be adopted is not that of a revision"],
  SKM_ADOPT_AMBIGUOUS: [9, "several revisions have the schema of the database to be adopted"],
  SKM_FILE_EXISTS: [9, "a file that would be written exists already"],
  SKM_CHECKSUM: [9, "an applied revision was edited afterwards"],
  SKM_DB_WRONG_APP: [9, "the database belongs to another application"],
  SKM_DB_HARDLINK: [9, "the database file has several hard links"],
  SKM_UNSUPPORTED: [9, "the engine cannot do what the revision needs"],
  SKM_SNAPSHOT_REFUSED: [9, "what the revisions make is not the same each time, or cannot be written down"],
  SKM_COPY_TARGET: [9, "the target of a copy is not empty, is the source, or would only be emptied"],

  SKM_REMOTE_NETWORK: [10, "the server cannot be reached"],
  SKM_REMOTE_AUTH: [10, "the server refuses the credentials"],
  SKM_REMOTE_TIMEOUT: [10, "the server does not answer in time"],
  SKM_REMOTE_TLS: [10, "the connection to the server would not be encrypted"],
  SKM_REMOTE_TX_EXPIRED: [10, "the server ended the transaction because it took too long"],
  SKM_REMOTE_PROTOCOL: [10, "the answer of the server is not what the protocol says"],
  SKM_REMOTE_BLOCKED: [10, "the server refuses reads or writes for the time being"],
  SKM_REMOTE_TOO_BIG: [10, "a statement, a value or an answer is larger than the server allows"],
  SKM_REMOTE_READONLY: [10, "the credentials allow reading only"],
  SKM_REMOTE_DATABASE: [10, "the server has no database of this name"],
  SKM_REMOTE_REPLICA: [10, "the replica does not show what its primary holds"],

  SKM_DATABASE_NEWER: [11, "the database is at a revision that is newer than the revision files"],
});

export type ErrorCode =
  | "SKM_INTERNAL"
  | "SKM_IO"
  | "SKM_USAGE"
  | "SKM_URL"
  | "SKM_CONFIG_NOT_FOUND"
  | "SKM_CONFIG_LOAD"
  | "SKM_CONFIG_SHAPE"
  | "SKM_DRIVER_MISSING"
  | "SKM_NODE_VERSION"
  | "SKM_SCHEMA_MISSING"
  | "SKM_SCHEMA_INVALID"
  | "SKM_SCRIPT_ID"
  | "SKM_EDITOR"
  | "SKM_CHECK_PENDING"
  | "SKM_CHECK_SCHEMA"
  | "SKM_CHECK_DRIFT"
  | "SKM_CHECK_HEADS"
  | "SKM_CHECK_UNKNOWN"
  | "SKM_CHECK_SNAPSHOT"
  | "SKM_CHECK_READERS"
  | "SKM_CHECK_NEWER"
  | "SKM_LINT"
  | "SKM_REHEARSAL"
  | "SKM_VERIFY"
  | "SKM_SCRIPT_DIR"
  | "SKM_SCRIPT_SYNTAX"
  | "SKM_SCRIPT_LOAD"
  | "SKM_SCRIPT_EXIT"
  | "SKM_SCRIPT_EXPORT"
  | "SKM_SCRIPT_DUPLICATE"
  | "SKM_SCRIPT_OUTSIDE"
  | "SKM_SNAPSHOT_FILE"
  | "SKM_HOOK"
  | "SKM_SCRIPT_POLLUTION"
  | "SKM_GRAPH_UNKNOWN"
  | "SKM_GRAPH_AMBIGUOUS"
  | "SKM_GRAPH_NO_BRANCH"
  | "SKM_GRAPH_NOT_IN_BRANCH"
  | "SKM_GRAPH_MULTIPLE_HEADS"
  | "SKM_GRAPH_NOT_ANCESTOR"
  | "SKM_GRAPH_RANGE"
  | "SKM_GRAPH_AMBIGUOUS_WALK"
  | "SKM_GRAPH_OVERLAP"
  | "SKM_GRAPH_DIRECTION"
  | "SKM_GRAPH_NOT_A_HEAD"
  | "SKM_GRAPH_CYCLE"
  | "SKM_GRAPH_MISSING"
  | "SKM_GRAPH_REPLACES"
  | "SKM_GRAPH_REPLACED"
  | "SKM_SQUASH_RANGE"
  | "SKM_GRAPH_DUPLICATE_LABEL"
  | "SKM_GRAPH_READER"
  | "SKM_DB_OPEN"
  | "SKM_DB_MISSING"
  | "SKM_DB_IS_DIRECTORY"
  | "SKM_DB_PARENT"
  | "SKM_DB_PERMISSION"
  | "SKM_DB_READONLY"
  | "SKM_DB_NOT_A_DB"
  | "SKM_DB_CORRUPT"
  | "SKM_DB_SQL"
  | "SKM_BACKUP"
  | "SKM_CLOSED"
  | "SKM_BUSY"
  | "SKM_LOCK_STALE"
  | "SKM_MIGRATION_FAILED"
  | "SKM_MIGRATION_HUNG"
  | "SKM_MIGRATION_EXIT"
  | "SKM_MIGRATION_ABORTED"
  | "SKM_OP_AFTER_END"
  | "SKM_TX_ESCAPED"
  | "SKM_SQL_FORBIDDEN"
  | "SKM_SQL_MULTI"
  | "SKM_SQL_SYNTAX"
  | "SKM_SQL_PARAMETERS"
  | "SKM_SQL_COLUMNS"
  | "SKM_IDENTIFIER"
  | "SKM_LITERAL"
  | "SKM_VALUE"
  | "SKM_TABLE_DEFINITION"
  | "SKM_NEEDS_REBUILD"
  | "SKM_OBJECT_MISSING"
  | "SKM_OBJECT_IN_USE"
  | "SKM_VERSION_MOVED"
  | "SKM_ROWCOUNT"
  | "SKM_FOREIGN_KEY"
  | "SKM_DISK_FULL"
  | "SKM_DB_IO"
  | "SKM_COPY_FAILED"
  | "SKM_COPY_MISMATCH"
  | "SKM_COMMIT_UNKNOWN"
  | "SKM_SQUASH_PARTIAL"
  | "SKM_DB_REPLACED"
  | "SKM_DESTRUCTIVE"
  | "SKM_CASCADE"
  | "SKM_REQUIREMENT"
  | "SKM_AUTOGENERATE_RENAME"
  | "SKM_AUTOGENERATE_UNPROVEN"
  | "SKM_SQUASH_DATA"
  | "SKM_SQUASH_UNPROVEN"
  | "SKM_SQUASH_FILES"
  | "SKM_IRREVERSIBLE"
  | "SKM_OFFLINE_QUERY"
  | "SKM_VERSION_UNKNOWN"
  | "SKM_VERSION_REPLACED"
  | "SKM_VERSION_SHAPE"
  | "SKM_ADOPT_DIFFERS"
  | "SKM_ADOPT_AMBIGUOUS"
  | "SKM_FILE_EXISTS"
  | "SKM_CHECKSUM"
  | "SKM_DB_WRONG_APP"
  | "SKM_DB_HARDLINK"
  | "SKM_UNSUPPORTED"
  | "SKM_SNAPSHOT_REFUSED"
  | "SKM_COPY_TARGET"
  | "SKM_REMOTE_NETWORK"
  | "SKM_REMOTE_AUTH"
  | "SKM_REMOTE_TIMEOUT"
  | "SKM_REMOTE_TLS"
  | "SKM_REMOTE_TX_EXPIRED"
  | "SKM_REMOTE_PROTOCOL"
  | "SKM_REMOTE_BLOCKED"
  | "SKM_REMOTE_TOO_BIG"
  | "SKM_REMOTE_READONLY"
  | "SKM_REMOTE_DATABASE"
  | "SKM_REMOTE_REPLICA"
  | "SKM_DATABASE_NEWER";
