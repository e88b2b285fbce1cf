import { findChanges, readChainSchema, type Contents } from "./chain-state.ts";
import { createReference, readExpectedSteps } from "./recorded-chain.ts";

export const steps = readExpectedSteps();
export const first = "001_initial_schema";
export const catalog = "marketplace_catalog_entries";

/** The columns in which a revision changes values on purpose. */
export const intended: Readonly<Record<string, readonly string[]>> = {
  // NULL becomes what the default always meant; the trigger of the table notes the change.
  "20251214_0900_add_context_entity_columns": [
    "artifacts.is_outdated",
    "artifacts.local_modified",
    "artifacts.updated_at",
  ],
  "20251227_1100_populate_raw_score_for_existing_entries": [`${catalog}.raw_score`],
  "20260209_1700_add_memory_anchor_and_provenance_columns": ["memory_items.anchors_json"],
  "20260218_1000_add_artifact_uuid_column": ["artifacts.updated_at"],
};

/** What undoing everything does not bring back: the NULLs, and times before the last change. */
export const notRestored = ["artifacts.is_outdated", "artifacts.local_modified", "artifacts.updated_at"];

/** The version that the cache itself keeps changes with many revisions, and is restored by undoing them. */
const isBookkeeping = (column: string): boolean => column.startsWith("cache_metadata.");

export const changedColumns = (before: Contents, after: Contents): readonly string[] =>
  Object.keys(findChanges(before, after))
    .filter((column) => !isBookkeeping(column))
    .toSorted();

/** No revision of the original made this table; the program did, before it was first changed by one. */
export function catalogOfTheProgram(): string {
  const sql = steps.find(({ objects }) => objects.has(catalog))?.objects.get(catalog) ?? "";
  return sql.replace(" raw_score INTEGER, score_breakdown JSON,", "");
}

/** The schema after each step, read from a database made of the recorded statements. */
export const expectedSchemas = steps.map(({ objects }, index) => {
  const reference = createReference(
    index === 0 ? objects : new Map([[catalog, catalogOfTheProgram()], ...objects]),
  );
  try {
    return readChainSchema(reference);
  } finally {
    reference.close();
  }
});
