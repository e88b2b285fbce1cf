import type { CommandDefinition } from "./command-definition.ts";

/** The commands for copies of a database, and for trying revisions before they matter. */
export const trialCommands: Readonly<
  Record<"backup" | "restore" | "rehearse" | "verify" | "snapshot", CommandDefinition>
> = {
  backup: {
    summary: "copy the database to a file and check the copy",
    operands: { name: "file", min: 0, max: 1 },
    options: [],
    description: `Copies the database as it is at one moment, whoever writes meanwhile, checks the copy, and prints its path.
Without a file the copy lies beside the database, under a name with its revision and the time, and only the
newest three of these stay; the key backup of the configuration changes both.`,
    examples: [
      ["backup", "beside the database"],
      ["backup before-release.db", "to a file that does not exist yet"],
    ],
  },
  restore: {
    summary: "make the database what a backup is",
    operands: { name: "file", min: 1, max: 1 },
    options: ["yes", "no-backup"],
    description: `Replaces everything in the database by what the backup holds, in one transaction: programs that have it open
see the one or the other. What is replaced is backed up first. On a terminal you are asked; without one the
command ends with exit code 9 unless --yes is given.`,
    examples: [["restore cache.db.001_users.20251201T150000Z.0a1b2c3d.bak", "go back"]],
  },
  rehearse: {
    summary: "try an upgrade and the way back on a copy of the database",
    operands: { name: "revision", min: 0, max: 1, fallback: "head" },
    options: ["no-downgrade", "directory", "strict"],
    description: `Copies the database, upgrades the copy to the target, takes it back again, and deletes it. Says how long each
revision took, which tables have another number of rows, what changed in the schema, and what the plan warns
of. The database itself is only read. Ends with exit code 3 when a revision fails, or when the way back does
not lead to the schema and the rows of before; with --strict at a warning too.`,
    examples: [
      ["rehearse", "what upgrade would do, with the real rows"],
      ["rehearse +1 --no-downgrade", "one revision, and no way back"],
      ["rehearse --directory /var/tmp", "where there is room for the copy"],
    ],
  },
  snapshot: {
    summary: "write down what the revisions make, for empty databases to begin with",
    operands: { name: "revision", min: 0, max: 1, fallback: "heads" },
    options: [],
    description: `Replays the revisions up to the target in memory, twice, and writes what they make, definitions and rows, to
skillmeat-snapshot.json among the revision files, or where the key snapshot of the configuration says. From
then on upgrade takes an empty database there in one step. A snapshot is used only while it stands for the
revisions that there are; check proves that it makes what they make. Revisions that do not make the same each
time are refused. The database of the project is not opened.`,
    examples: [
      ["snapshot", "after the newest revision was written"],
      ["snapshot 1a2b", "up to a revision that will not change any more"],
    ],
  },
  verify: {
    summary: "try every revision in memory: up, down, up again",
    operands: null,
    options: ["no-rows", "strict"],
    description: `Takes an empty database in memory through every revision: up, down and up again. The schema must be the
same before and after, no row may break a foreign key, and no table that stays may lose a row. Tables are
given sample rows for that, unless --no-rows is said. Ends with exit code 3 at an error, with --strict at a
warning too. The database of the project is not opened.`,
    examples: [
      ["verify", "before a revision is committed"],
      ["verify --strict --json", "for a build"],
    ],
  },
};
