import type { EngineProbe } from "./probe-engine.ts";

type Cell = (probe: EngineProbe) => string;

const yes = (is: boolean): string => (is ? "yes" : "no");
const count = (number: number): string => number.toLocaleString("en-US");

const profileSize = 6;
/** More than these are not worth a list. */
const mostNames = 5;

const rows: readonly (readonly [title: string, cell: Cell])[] = [
  ["SQLite", ({ traits }) => traits.capabilities.engineVersion],
  ["one transaction", ({ traits }) => (traits.capabilities.lock === "server" ? "each revision" : "the run")],
  ["revisions may query data", ({ traits }) => yes(traits.capabilities.interactive)],
  ["foreign keys can be suspended", ({ traits }) => yes(traits.capabilities.foreignKeysOff)],
  ["who locks", ({ traits }) => traits.capabilities.lock],
  ["readers beside a writer", ({ traits }) => yes(traits.capabilities.concurrentReads)],
  ["longest transaction", ({ traits }) => duration(traits.capabilities.maxUnitMs)],
  ["`ALTER TABLE` adds and drops constraints", ({ traits }) => yes(traits.capabilities.alterConstraints)],
  ["keeps the text of definitions", ({ traits }) => yes(traits.capabilities.preservesSql)],
  ["backup", ({ traits }) => yes(traits.hasBackup)],
  ["PRAGMAs that can be set", ({ traits }) => list(traits.capabilities.settablePragmas)],
  ["SkillMeat's PRAGMA profile", profile],
  ["parameters of a statement", ({ traits }) => count(traits.capabilities.limits.parameters)],
  ["bytes of a statement", ({ traits }) => count(traits.capabilities.limits.sqlBytes)],
  ["text with NUL comes back", ({ keepsNul }) => yes(keepsNul)],
  ["infinity comes back", ({ keepsInfinity }) => yes(keepsInfinity)],
];

function duration(ms: number | null): string {
  return ms === null ? "any" : `${count(ms)} ms`;
}

function list(names: readonly string[]): string {
  return names.length > mostNames ? String(names.length) : names.map((name) => `\`${name}\``).join(", ");
}

function profile({ pragmasNotApplied }: EngineProbe): string {
  const applied = profileSize - pragmasNotApplied.length;
  if (pragmasNotApplied.length === 0) return "all";
  return applied === 0 ? "none" : `all but ${list(pragmasNotApplied)}`;
}

/** Writes the page about what engines can do. */
export function renderEngines(probes: readonly EngineProbe[]): string {
  const names = probes.map(({ name }) => name);
  return `# Engines

What each engine can do, as it answered when it was asked. This page is made by \`pnpm --filter skillmeat-migrate-tools engines\`, and a test fails when it is out of date. Core decides by these answers and never by a name.

${table(
  ["", ...names],
  rows.map(([title, cell]) => [title, ...probes.map(cell)]),
)}

An embedded replica is migrated on its primary and answers as the server does.

## Checks of the conformance kit that do not apply

A check is left out where the engine does not have what it needs. All others run on every engine, and pass but for those that [the page of the libSQL driver](drivers/libsql.md) lists.

${table(["needs", "not run on", "checks"], skipRows(probes))}
`;
}

function skipRows(probes: readonly EngineProbe[]): readonly (readonly string[])[] {
  const needs = new Map<string, { readonly engines: string[]; readonly checks: readonly string[] }>();
  for (const { name, skipped } of probes) {
    for (const [what, checks] of skipped) {
      const known = needs.get(what) ?? { engines: [], checks };
      known.engines.push(name);
      needs.set(what, known);
    }
  }
  return [...needs].map(([what, { engines, checks }]) => [
    what,
    engines.join(", "),
    checks.map((check) => `\`${check}\``).join(", "),
  ]);
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`.replace(/^\|  \|/, "| |");
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}
