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
  /** The driver makes databases in memory, which writing a script needs. */
  readonly hasScratch: boolean;
}

/** One fact that every driver must make true. */
export interface Check {
  /** `area.fact-in-the-present`. */
  readonly name: string;
  /** Leaves the check out where it is false. */
  readonly applies?: (traits: Traits) => boolean;
  run(context: CheckContext): Promise<void>;
}

export const withFiles = (traits: Traits): boolean => traits.hasFiles;
export const withScratch = (traits: Traits): boolean => traits.hasScratch;
export const withTransactions = (traits: Traits): boolean => traits.capabilities.interactive;
export const withFileLocks = (traits: Traits): boolean =>
  traits.capabilities.lock === "file" && traits.capabilities.interactive;
