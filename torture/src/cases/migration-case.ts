import type { Revision } from "@skillmeat/migrate-core";

/** What a process is asked to do with a database. */
export interface MigrationCommand {
  readonly kind: "upgrade" | "downgrade";
  readonly target: string;
}

export type PreparationStep =
  | { readonly kind: "upgrade"; readonly target: string }
  | { readonly kind: "sql"; readonly sql: string };

/** One migration whose every step is disturbed: how the database comes to be, and the command under test. */
export interface MigrationCase {
  readonly name: string;
  readonly revisions: readonly Revision[];
  /** How the database comes to be that the command meets, in order; nothing for no file. */
  readonly prepare: readonly PreparationStep[];
  readonly command: MigrationCommand;
}
