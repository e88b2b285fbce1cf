import { relative, resolve } from "node:path";
import type { SquashedRevision, SquashOptions } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import { readStyle } from "../authoring/revision-style.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { showCount } from "../output/phrases.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `squash <from>:<to>`: one revision in the place of several. The database is not opened. */
export const squash: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, loaded }) => {
    const [range = ""] = invocation.arguments.operands;
    const options = readOptions(invocation, loaded);
    const squashed = await migrator.squash(range, options);
    return present(invocation, squashed);
  });

function readOptions(invocation: Invocation, loaded: LoadedConfig | undefined): SquashOptions {
  const { cwd, arguments: parsed } = invocation;
  const keepOperations = parsed.switches.has("keep-operations");
  const dropDataOperations = parsed.switches.has("drop-data-operations");
  if (keepOperations && dropDataOperations) {
    throw usageError(
      "--keep-operations and --drop-data-operations do not go together",
      "the one keeps what the other leaves out: choose",
    );
  }
  const only = (name: "message" | "rev-id" | "version-path" | "archive"): string | undefined =>
    parsed.values.get(name)?.[0];
  const [message, revision] = [only("message"), only("rev-id")];
  const [directory, archive] = [only("version-path"), only("archive")];
  return {
    ...readStyle(invocation, loaded),
    ...(message === undefined ? {} : { message }),
    ...(revision === undefined ? {} : { revision }),
    ...(directory === undefined ? {} : { directory: resolve(cwd, directory) }),
    ...(archive === undefined ? {} : { archive: resolve(cwd, archive) }),
    keepOperations,
    dropDataOperations,
    dryRun: parsed.switches.has("dry-run"),
  };
}

function present({ output, cwd }: Invocation, squashed: SquashedRevision): number {
  const { outcome, revision, path, text, replaces, downRevision, removed, dropped } = squashed;
  const isWritten = outcome === "written";
  const parents = downRevision.length === 0 ? "<base>" : downRevision.join(", ");
  for (const { revision: id, direction, description } of dropped)
    output.talk(`left out of the ${direction} of ${id}: ${description}`);
  if (squashed.rows > 0)
    output.talk(`inserts ${showCount(squashed.rows, "row")} that the old revisions leave in a new database`);
  output.talk(describeProof(squashed));
  for (const file of removed) output.talk(`${isWritten ? "removed" : "would remove"} ${relative(cwd, file)}`);
  output.talk(
    `${isWritten ? "new" : "nothing was written; it would be"} revision ${revision}, after ${parents}, in the place of ${showCount(replaces.length, "revision")}`,
  );
  if (squashed.staleSnapshot !== null) output.talk(describeStale(squashed.staleSnapshot, { cwd, isWritten }));
  output.present({ text: isWritten ? path : text.trimEnd(), document: { command: "squash", ...squashed } });
  return 0;
}

function describeStale(
  { path }: NonNullable<SquashedRevision["staleSnapshot"]>,
  { cwd, isWritten }: { readonly cwd: string; readonly isWritten: boolean },
): string {
  const name = path === null ? "the snapshot of the program" : `the snapshot ${relative(cwd, path)}`;
  const stands = isWritten ? "stands for revisions that are gone" : "would stand for revisions that are gone";
  return `${name} ${stands}, and makes no new database any more: write it anew with \`snapshot\``;
}

function describeProof({ isReversible, rowsCompared, tablesWithoutRows, dropped }: SquashedRevision): string {
  const way = isReversible ? "up and down again" : "up; there is no way down, as the old ones have none";
  const why = dropped.length > 0 ? "" : ", as the old revisions took no sample rows";
  const without =
    tablesWithoutRows.length > 0 ? `; ${tablesWithoutRows.join(", ")} took none and had none to compare` : "";
  const rows = rowsCompared
    ? `schema and sample rows are the same${without}`
    : `the schema is the same; rows were not compared${why}`;
  return `tried in memory, ${way}: ${rows}`;
}
