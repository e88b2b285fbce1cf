/** What an engine can do, found by probing it when the connection opens. Core never asks for a name or a version. */
export interface Capabilities {
  /** A transaction can stay open while the program decides what to do next. */
  readonly interactive: boolean;
  /** Foreign-key enforcement can really be suspended for a unit. */
  readonly foreignKeysOff: boolean;
  /** Who arbitrates between writers. */
  readonly lock: "file" | "server" | "process";
  /** A connection can read while another one holds the write lock; it sees the state before. */
  readonly concurrentReads: boolean;
  /** `ALTER TABLE` can add and drop CHECK and NOT NULL (SQLite 3.53 and later). */
  readonly alterConstraints: boolean;
  /** `sqlite_schema.sql` holds the text of the CREATE statement as it was sent. */
  readonly preservesSql: boolean;
  /** The PRAGMA names that take effect on this engine. */
  readonly settablePragmas: readonly string[];
  /** Milliseconds after which the engine may abort a transaction, or `null` when it never does. */
  readonly maxUnitMs: number | null;
  readonly limits: {
    /** Parameters in one statement. */
    readonly parameters: number;
    /** Bytes of one SQL text. */
    readonly sqlBytes: number;
  };
  /** The engine's version for reports, such as `"3.54.1"`; never to be compared. */
  readonly engineVersion: string;
}
