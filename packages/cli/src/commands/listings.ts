import { type DatabaseStanding, type RevisionEntry, renderEntryLine } from "@skillmeat/migrate-core";
import { readRevision } from "../arguments/read-revision.ts";
import { presentEntries, renderBlocks } from "../output/present-entries.ts";
import { showHeads } from "../output/phrases.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject, type Project } from "../project/open-project.ts";
import type { Command } from "./command.ts";

interface Listing {
  readonly entries: readonly RevisionEntry[];
  readonly lines: (verbose: boolean) => readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

/** `history` */
export const history: Command = async (invocation) =>
  await list(invocation, "history", async ({ migrator, database }) => {
    const range = invocation.arguments.values.get("rev-range")?.[0];
    const indicateCurrent = invocation.arguments.switches.has("indicate-current");
    const entries = await migrator.history(range, { indicateCurrent });
    if (indicateCurrent) sayUnlisted(invocation, database, await migrator.standing());
    return {
      entries,
      lines: (verbose) =>
        verbose
          ? renderBlocks(entries)
          : entries.map((entry) =>
              renderEntryLine(entry, {
                parents: true,
                labels: true,
                tree: true,
                current: true,
                message: true,
              }),
            ),
    };
  });

/** Says where the database is when no line can be marked with it. */
function sayUnlisted({ output }: Invocation, database: string, standing: DatabaseStanding): void {
  if (standing.kind === "known") return;
  const where = `at ${showHeads(standing.unknown)}, `;
  output.talk(
    standing.kind === "unknown"
      ? `${database}: ${where}which is not among the revision files`
      : `${database}: ${where}newer than the revision files`,
  );
}

/** `heads` */
export const heads: Command = async (invocation) =>
  await list(invocation, "heads", async ({ migrator }) => {
    const resolveDependencies = invocation.arguments.switches.has("resolve-dependencies");
    const entries = await migrator.describe(await migrator.heads({ resolveDependencies }));
    return {
      entries,
      lines: (verbose) =>
        verbose ? renderBlocks(entries) : entries.map((entry) => renderEntryLine(entry, { labels: true })),
    };
  });

/** `branches` */
export const branches: Command = async (invocation) =>
  await list(invocation, "branches", async ({ migrator }) => {
    const points = await migrator.branches();
    const children = await migrator.describe(points.flatMap((point) => point.children));
    const byId = new Map(children.map((child) => [child.revision, child]));
    const arrows = (point: RevisionEntry, message: boolean): readonly string[] =>
      point.children.flatMap((id) => {
        const child = byId.get(id);
        return child === undefined
          ? []
          : [`             -> ${renderEntryLine(child, { labels: true, message })}`];
      });
    const inFull = (point: RevisionEntry): readonly string[] => [
      ...renderBlocks([point]),
      ...arrows(point, true),
      "",
    ];
    const inShort = (point: RevisionEntry): readonly string[] => [
      renderEntryLine(point, { labels: true, tree: true }),
      ...arrows(point, false),
      "",
    ];
    return {
      entries: points,
      lines: (verbose) => points.flatMap(verbose ? inFull : inShort),
      more: { children },
    };
  });

/** `show <revision>` */
export const show: Command = async (invocation) => {
  const target = readRevision(invocation.arguments.operands[0] ?? "");
  return await list(invocation, "show", async ({ migrator }) => {
    const entries = await migrator.show(target);
    return { entries, lines: () => renderBlocks(entries) };
  });
};

async function list(
  invocation: Invocation,
  command: string,
  read: (project: Project) => Promise<Listing>,
): Promise<number> {
  const { output } = invocation;
  return await withProject(invocation, async (project) => {
    const { entries, lines, more } = await read(project);
    return await presentEntries(output, project.migrator, {
      text: lines(output.mode.verbose).join("\n").trimEnd(),
      document: { command, revisions: entries, ...more },
    });
  });
}
