import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import Database from "better-sqlite3";

interface RecordedStep {
  readonly revision: string;
  /** Objects that are new or have another text than before this revision. */
  readonly changed: readonly { readonly name: string; readonly sql: string }[];
  readonly removed: readonly string[];
  /** Rows by table, where foreign keys were not enforced and therefore nothing was lost. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What a database must be after a revision. */
export interface ExpectedStep {
  readonly revision: string;
  /** CREATE statements by name, as the original left them but for its losses. */
  readonly objects: ReadonlyMap<string, string>;
  readonly rows: Readonly<Record<string, number>>;
}

/** Something that the original lost or never reached, and that must be here from a revision on. */
interface Amendment {
  readonly since: string;
  readonly why: string;
  /** Objects that the original lost; they stay as they were before the revision. */
  readonly keep?: readonly string[];
  /** A table, what the original wrote in it, and what must be there. */
  readonly replace?: readonly [table: string, found: RegExp, wanted: string];
}

const amendments: readonly Amendment[] = [
  {
    since: "20251214_0900_add_context_entity_columns",
    why: "the table was dropped and made anew by hand, without its trigger",
    keep: ["artifacts_updated_at"],
  },
  {
    since: "20260219_1000_migrate_collection_artifacts_to_uuid",
    why: "the table was made anew by hand, and a foreign key lost its name",
    replace: [
      "collection_artifacts",
      /(?=FOREIGN KEY \(collection_id\))/u,
      "CONSTRAINT fk_collection_artifacts_collection_id ",
    ],
  },
  {
    since: "20260219_1200_migrate_group_artifacts_to_uuid",
    why: "the table was made anew by hand, and a foreign key lost its name",
    replace: ["group_artifacts", /(?=FOREIGN KEY \(group_id\))/u, "CONSTRAINT fk_group_artifacts_group_id "],
  },
  {
    since: "20260219_1200_migrate_group_artifacts_to_uuid",
    why: "the table was made anew by hand, and a default was written in another way",
    replace: ["group_artifacts", /DEFAULT 0/u, "DEFAULT '0'"],
  },
  {
    since: "20260220_0600_add_composite_to_catalog_type_constraint",
    why: "a rebuild lost the triggers, and the full-text index was no longer kept",
    keep: ["catalog_fts_ai", "catalog_fts_ad", "catalog_fts_au"],
  },
  {
    since: "20260303_1100_add_workflow_to_artifact_type_check",
    why: "the revision failed on every database",
    replace: ["artifacts", /'hook', 'composite'/u, "'hook', 'workflow', 'composite'"],
  },
];

/** The recorded states of the chain, each with what the original had lost put back. */
export function readExpectedSteps(): readonly ExpectedStep[] {
  const file = new URL("../fixtures/chain/recorded.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  const objects = new Map<string, string>();
  const passed = new Set<string>();
  return lines.map((line) => {
    const step: RecordedStep = JSON.parse(line);
    passed.add(step.revision);
    const active = amendments.filter(({ since }) => passed.has(since));
    const kept = new Set(active.flatMap(({ keep }) => keep ?? []));
    for (const name of step.removed) if (!kept.has(name)) objects.delete(name);
    for (const { name, sql } of step.changed) objects.set(name, sql);
    return { revision: step.revision, objects: amend(objects, active), rows: step.rows };
  });
}

function amend(
  objects: ReadonlyMap<string, string>,
  active: readonly Amendment[],
): ReadonlyMap<string, string> {
  const amended = new Map(objects);
  for (const { replace } of active) {
    if (replace === undefined) continue;
    const [table, found, wanted] = replace;
    const sql = amended.get(table) ?? "";
    if (!found.test(sql)) throw new Error(`the record of "${table}" has nothing like ${String(found)}`);
    amended.set(table, sql.replace(found, wanted));
  }
  return amended;
}

/** An empty database in memory with these objects. */
export function createReference(objects: ReadonlyMap<string, string>): Database.Database {
  const database = new Database(":memory:");
  const statements = [...objects.values()];
  const isTable = (sql: string): boolean => /^CREATE (?:VIRTUAL )?TABLE/u.test(sql);
  for (const sql of statements.filter(isTable)) database.exec(sql);
  for (const sql of statements.filter((one) => !isTable(one))) database.exec(sql);
  return database;
}
