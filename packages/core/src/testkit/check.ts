import type { Capabilities } from "../driver/capabilities.ts";
import type { ConnectOptions, Connection, Driver } from "../driver/driver.ts";

/** One empty database for one check. */
export interface DatabaseUnderTest {
  /** Makes connections to the database; all of them to the same one. */
  readonly driver: Driver;
  /** Where engines with files may put some. Absent for engines without. */
  readonly files?: {
    /** An empty directory, absolute. */
    readonly directory: string;
    /** The file of the database; it does not exist yet. */
    readonly path: string;
    /** A driver for another path or URL. */
    readonly driverFor: (path: string) => Driver;
  };
  /** Removes everything. */
  readonly dispose: () => Promise<void> | void;
}

export interface CheckContext {
  readonly database: DatabaseUnderTest;
  /** Opens a connection that is closed when the check ends. */
  readonly connect: (options?: ConnectOptions) => Promise<Connection>;
}

/** What the checks know of an engine before they run: the only reason to leave one out. */
export interface Traits {
  readonly capabilities: Capabilities;
  readonly hasFiles: boolean;
  readonly hasBackup: boolean;
  /** Connections have `unitIf`. */
  readonly hasConditions: boolean;
  /** The driver makes databases in memory, which writing a script needs. */
  readonly hasScratch: boolean;
}

/** What an engine must have for a check to mean something. */
export interface Need {
  (traits: Traits): boolean;
  /** In words, after "needs". */
  readonly what: string;
}

export function need(what: string, isMet: (traits: Traits) => boolean): Need {
  return Object.assign((traits: Traits) => isMet(traits), { what });
}

/** One fact that every driver must make true. */
export interface Check {
  /** `area.fact-in-the-present`. */
  readonly name: string;
  /** Leaves the check out where it is not met. */
  readonly applies?: Need;
  run(context: CheckContext): Promise<void>;
}

export const withFiles: Need = need("a file", (traits) => traits.hasFiles);
export const withScratch: Need = need("databases in memory", (traits) => traits.hasScratch);
export const withTransactions: Need = need(
  "interactive transactions",
  ({ capabilities }) => capabilities.interactive,
);
export const withForeignKeysOff: Need = need(
  "foreign keys that can be suspended",
  ({ capabilities }) => capabilities.foreignKeysOff,
);
export const withFileLocks: Need = need(
  "locks of files",
  ({ capabilities }) => capabilities.lock === "file" && capabilities.interactive,
);
export const withConditions: Need = need("units with a condition", (traits) => traits.hasConditions);
