import { revisions } from "@skillmeat/schema";
import { libraryRevisions, libraryRows } from "./library-revisions.ts";
import type { MigrationCase, MigrationCommand, PreparationStep } from "./migration-case.ts";

const upgradeTo = (target: string): PreparationStep => ({ kind: "upgrade", target });

const filledCatalog: readonly PreparationStep[] = [
  upgradeTo("catalog"),
  ...libraryRows.map((sql): PreparationStep => ({ kind: "sql", sql })),
];

const library = (name: string, from: readonly string[], command: MigrationCommand): MigrationCase => ({
  name,
  revisions: libraryRevisions,
  prepare: [...filledCatalog, ...from.map(upgradeTo)],
  command,
});

/** SkillMeat's own revisions, up from no file and down from a filled cache. */
export const ownCases: readonly MigrationCase[] = [
  { name: "initial", revisions, prepare: [], command: { kind: "upgrade", target: "head" } },
  {
    name: "initial-down",
    revisions,
    prepare: [
      upgradeTo("head"),
      { kind: "sql", sql: "INSERT INTO projects (id, name, path) VALUES ('p1', 'Project', '/p1')" },
    ],
    command: { kind: "downgrade", target: "base" },
  },
];

/** The migrations that every fault strikes. */
export const migrationCases: readonly MigrationCase[] = [
  ...ownCases.slice(0, 1),
  library("data-move", [], { kind: "upgrade", target: "slugs" }),
  library("index-trigger-view", ["slugs"], { kind: "upgrade", target: "overview" }),
  library("merge", ["loans", "reviews"], { kind: "upgrade", target: "joined" }),
  library("rebuild", ["joined"], { kind: "upgrade", target: "head" }),
  library("downgrade", ["head"], { kind: "downgrade", target: "base" }),
];

/** @throws {Error} no case has this name. */
export function findCase(name: string): MigrationCase {
  const found = [...migrationCases, ...ownCases].find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no migration case is called "${name}"`);
  return found;
}
