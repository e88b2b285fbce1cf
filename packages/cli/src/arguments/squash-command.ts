import type { CommandDefinition } from "./command-definition.ts";

/** `squash` */
export const squashCommand: CommandDefinition = {
  summary: "write one revision in the place of several",
  operands: { name: "range", min: 1, max: 1, usage: "<from>:<to>" },
  options: [
    "message",
    "keep-operations",
    "drop-data-operations",
    "archive",
    "dry-run",
    "version-path",
    "rev-id",
    "sql",
  ],
  meanings: {
    "dry-run": "try both in memory and show the new file; write and remove nothing",
    sql: "write the new revision as an SQL script",
  },
  description: `Writes one revision that makes the schema which those of the range make, both ends included, and removes their
files. Before that both are run in memory, with sample rows, up and down again, and must leave the same.

The new revision names the old ones under replaces. A database at the last of them is at the new one, without
running anything; one in the middle is refused until the release with the old files has upgraded it.

From a base, the rows that the old revisions leave in a new database are inserted as they are. Elsewhere, what
they do to rows is listed and refused, and so is a table or column that they rename: a schema does not tell.
With --keep-operations the new revision does all that they did. The database of the project is not opened.`,
  examples: [
    ["squash 001_initial:065_ratings", "from one to another"],
    ["squash :065 --dry-run", "from the base: show the file, and write nothing"],
    ["squash 010:020 --keep-operations", "with inserts, updates and renames"],
    ["squash : --archive old-revisions", "all of them, and copies of their files elsewhere"],
  ],
};
