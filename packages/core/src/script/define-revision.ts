import type { Revision } from "./revision.ts";

/**
 * Gives the default export of a revision file its type. Returns its argument.
 *
 * Write the fields as literals: then the graph is read from the text of the file, and the file itself is
 * only imported when the revision runs.
 *
 * @example
 * export default defineRevision({
 *   revision: "002_add_rating",
 *   downRevision: "001_initial",
 *   upgrade(op) {
 *     op.addColumn("book", "rating", { type: "INTEGER" });
 *   },
 *   downgrade(op) {
 *     op.dropColumn("book", "rating");
 *   },
 * });
 */
export function defineRevision(definition: Revision): Revision {
  return definition;
}
