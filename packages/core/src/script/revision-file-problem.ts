import type { MigrationError } from "../errors/migration-error.ts";

/** A file that should hold a revision and does not. */
export interface RevisionFileProblem {
  /** Absolute. */
  readonly path: string;
  readonly error: MigrationError;
}
