import { findChanges, readChainSchema, type Contents } from "./chain-state.ts";
import { createReference, readExpectedSteps } from "./recorded-chain.ts";

export const steps = readExpectedSteps();
export const first = "001_initial_schema";
export const catalog = "marketplace_catalog_entries";

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
