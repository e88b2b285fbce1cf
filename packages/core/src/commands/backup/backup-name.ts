import { basename } from "node:path";

const longestRevisions = 60;
/** What follows the name of the database; without a full stop, or `app` would own the backups of `app.db`. */
const pattern = /^[\w+-]+\.(\d{8}T\d{6}Z)\.[0-9a-f]{8}\.bak$/u;

export interface BackupNameParts {
  /** The path of the database. */
  readonly database: string;
  readonly heads: readonly string[];
  readonly now: Date;
  /** Eight hexadecimal digits, so that two backups of one second do not meet. */
  readonly random: string;
}

/** `cache.db.<revisions>.<UTC>.<random>.bak`: names of one database sort by their time. */
export function makeBackupName({ database, heads, now, random }: BackupNameParts): string {
  const revisions = heads.length === 0 ? "base" : heads.join("+");
  const safe = revisions.replaceAll(/[^\w+-]/gu, "_").slice(0, longestRevisions);
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/gu, "");
  return `${basename(database)}.${safe}.${time}.${random}.bak`;
}

/** When a file is a backup of a database by its name: the text to sort by, else `undefined`. */
export function readBackupTime(name: string, database: string): string | undefined {
  const prefix = `${basename(database)}.`;
  return name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined;
}
