import { quoteForMessage } from "@skillmeat/migrate-core";
import { usageError } from "./usage-error.ts";

/**
 * Accepts a word as a revision of `upgrade`, `downgrade`, `stamp` or `show`; what it means is for the graph.
 *
 * @throws {MigrationError} SKM_USAGE when it is empty, has space around it or is a range.
 */
export function readRevision(word: string): string {
  if (word.trim() === "")
    throw usageError("the revision is empty", "write head for the newest, base for none");
  if (word.trim() !== word) {
    throw usageError(
      `the revision ${quoteForMessage(word)} has leading or trailing space`,
      `write ${quoteForMessage(word.trim())}`,
      { revision: word },
    );
  }
  if (word.includes(":")) {
    throw usageError(
      `the revision ${quoteForMessage(word)} is a range`,
      "name the one revision to go to; ranges are for history and for --sql",
      { revision: word },
    );
  }
  return word;
}
