import type { Capabilities } from "./capabilities.ts";
import { readOnce } from "./read-once.ts";
import type { SyncEngine } from "./sync-engine.ts";

export interface ProbeOptions {
  /** Opens an empty in-memory database of the engine in question. */
  openScratch(): SyncEngine;
  readonly lock: Capabilities["lock"];
  /** Whether a connection can read while another one writes; `true` unless told. */
  readonly concurrentReads?: boolean;
  /** The longest SQL text the library can pass on, in bytes. */
  readonly sqlBytes: number;
}

type Probed = Pick<
  Capabilities,
  "foreignKeysOff" | "alterConstraints" | "preservesSql" | "settablePragmas" | "engineVersion"
> & { readonly parameters: number };

/** PRAGMAs that set something (sqlite.org/pragma.html). An engine may know fewer of them. */
const settable: ReadonlySet<string> = new Set([
  "analysis_limit",
  "application_id",
  "auto_vacuum",
  "automatic_index",
  "busy_timeout",
  "cache_size",
  "cache_spill",
  "cell_size_check",
  "defer_foreign_keys",
  "foreign_keys",
  "ignore_check_constraints",
  "journal_mode",
  "journal_size_limit",
  "legacy_alter_table",
  "locking_mode",
  "max_page_count",
  "mmap_size",
  "page_size",
  "query_only",
  "recursive_triggers",
  "secure_delete",
  "synchronous",
  "temp_store",
  "trusted_schema",
  "user_version",
  "wal_autocheckpoint",
]);

/** SQLite's own defaults (sqlite.org/limits.html), for builds that do not say otherwise. */
const defaultParameters = 32_766;

/**
 * Describes a synchronous engine by trying it. The trial runs in a scratch database and only when one of
 * the probed capabilities is read for the first time: opening a connection stays cheap.
 */
export function probeCapabilities(options: ProbeOptions): Capabilities {
  let probed: Probed | undefined;
  const probe = (): Probed => (probed ??= probeScratch(options));
  return {
    interactive: true,
    lock: options.lock,
    concurrentReads: options.concurrentReads ?? true,
    maxUnitMs: null,
    get foreignKeysOff() {
      return probe().foreignKeysOff;
    },
    get alterConstraints() {
      return probe().alterConstraints;
    },
    get preservesSql() {
      return probe().preservesSql;
    },
    get settablePragmas() {
      return probe().settablePragmas;
    },
    get engineVersion() {
      return probe().engineVersion;
    },
    limits: {
      sqlBytes: options.sqlBytes,
      get parameters() {
        return probe().parameters;
      },
    },
  };
}

function probeScratch(options: ProbeOptions): Probed {
  const engine = options.openScratch();
  try {
    return {
      foreignKeysOff: canSuspendForeignKeys(engine),
      alterConstraints: canAlterConstraints(engine),
      preservesSql: keepsText(engine),
      settablePragmas: readColumn(engine, "SELECT name FROM pragma_pragma_list ORDER BY name").filter(
        (name) => settable.has(name),
      ),
      engineVersion: readColumn(engine, "SELECT sqlite_version()")[0] ?? "unknown",
      parameters: readParameterLimit(engine),
    };
  } finally {
    engine.close();
  }
}

function canSuspendForeignKeys(engine: SyncEngine): boolean {
  engine.exec("PRAGMA foreign_keys = OFF; BEGIN");
  const [inside] = readColumn(engine, "PRAGMA foreign_keys");
  engine.exec("ROLLBACK; PRAGMA foreign_keys = ON");
  return inside === "0" && readColumn(engine, "PRAGMA foreign_keys")[0] === "1";
}

/**
 * `ALTER TABLE … ADD CONSTRAINT … CHECK` and `SET NOT NULL` are new in SQLite 3.53
 * (sqlite.org/lang_altertable.html). Versions 3.53.x refuse a CHECK that is NULL for a row, which satisfies it
 * (lang_createtable.html#check_constraints); there the ability counts as missing.
 */
function canAlterConstraints(engine: SyncEngine): boolean {
  engine.exec("CREATE TABLE probe_constraint (a INTEGER); INSERT INTO probe_constraint VALUES (NULL)");
  try {
    engine.exec("ALTER TABLE probe_constraint ADD CONSTRAINT positive CHECK (a > 0)");
    engine.exec("DELETE FROM probe_constraint");
    engine.exec("ALTER TABLE probe_constraint ALTER COLUMN a SET NOT NULL");
    engine.exec("ALTER TABLE probe_constraint DROP CONSTRAINT positive");
    return true;
  } catch (error) {
    const kind = engine.classifyError(error)?.kind;
    if (kind === "sql" || kind === "constraint") return false;
    throw error;
  }
}

function keepsText(engine: SyncEngine): boolean {
  const text = "CREATE TABLE probe_text (a  /* kept */  INTEGER)";
  engine.exec(text);
  return readColumn(engine, "SELECT sql FROM sqlite_schema WHERE name = 'probe_text'")[0] === text;
}

function readParameterLimit(engine: SyncEngine): number {
  const compiled = readColumn(engine, "PRAGMA compile_options")
    .map((option) => /^MAX_VARIABLE_NUMBER=(\d+)$/.exec(option)?.[1])
    .find((limit) => limit !== undefined);
  return compiled === undefined ? defaultParameters : Number(compiled);
}

/** The first column as text. */
function readColumn(engine: SyncEngine, sql: string): readonly string[] {
  return readOnce(engine, sql).map((row) => String(row[0]));
}
