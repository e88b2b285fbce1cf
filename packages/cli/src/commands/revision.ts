import { resolve } from "node:path";
import type { BranchComparison, CreatedRevision, CreateRevisionOptions } from "@skillmeat/migrate-core";
import type { ValueName } from "../arguments/option-table.ts";
import { readRevision } from "../arguments/read-revision.ts";
import { usageError } from "../arguments/usage-error.ts";
import { generateOperations } from "../authoring/generate-operations.ts";
import { describeBranches } from "../authoring/describe-branches.ts";
import { readStyle } from "../authoring/revision-style.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject, type Project } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `revision` */
export const revision: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const heads = valuesOf(invocation, "head").map((word) => readRevision(word));
    const isGenerated = invocation.arguments.switches.has("autogenerate");
    if (!isGenerated) assertNoAnswers(invocation);
    const generated = isGenerated ? await generateOperations(invocation, project) : undefined;
    if (generated?.upgrade.length === 0) return presentNothing(invocation);
    const created = await create(invocation, project, {
      heads,
      ...(generated === undefined ? {} : { operations: generated }),
      ...(generated?.sql === undefined ? {} : { sql: generated.sql }),
    });
    return present(invocation, "revision", created);
  });

/** `merge [revision]...` */
export const merge: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const heads = await readParents(invocation, project);
    // A merge has nothing to do but to join: its bodies are empty, not unwritten.
    const operations = { upgrade: [], downgrade: [] };
    const branches = await project.migrator.compareBranches(heads);
    if (branches.length === 0) throw nothingToMerge(heads);
    for (const line of describeBranches(branches)) invocation.output.talk(line);
    const created = await create(invocation, project, { heads, operations });
    return present(invocation, "merge", { ...created, branches });
  });

/** `heads` are all heads here, also one that another depends on: it stays a head until it is joined. */
async function readParents(
  { arguments: { operands } }: Invocation,
  { migrator }: Project,
): Promise<readonly string[]> {
  const words = (operands.length === 0 ? ["heads"] : operands).map((word) => readRevision(word));
  return words.length === 1 && words[0] === "heads" ? await migrator.heads() : words;
}

function nothingToMerge(parents: readonly string[]): Error {
  const named = parents.length === 0 ? "there is no revision" : `${parents.join(", ")} is one revision`;
  return usageError(
    `there is nothing to merge: ${named}`,
    "name several revisions; without names all heads are joined, which `heads` lists",
  );
}

async function create(
  invocation: Invocation,
  { migrator, loaded }: Project,
  {
    heads,
    ...bodies
  }: Pick<CreateRevisionOptions, "operations" | "sql"> & { readonly heads: readonly string[] },
): Promise<CreatedRevision> {
  const [message] = valuesOf(invocation, "message");
  const [id] = valuesOf(invocation, "rev-id");
  const [directory] = valuesOf(invocation, "version-path");
  const options: CreateRevisionOptions = {
    ...readStyle(invocation, loaded),
    ...bodies,
    ...(heads.length === 0 ? {} : { head: heads }),
    ...(message === undefined ? {} : { message }),
    ...(id === undefined ? {} : { revision: id }),
    ...(directory === undefined ? {} : { directory: resolve(invocation.cwd, directory) }),
    splice: invocation.arguments.switches.has("splice"),
    branchLabels: valuesOf(invocation, "branch-label"),
    dependsOn: valuesOf(invocation, "depends-on"),
    minimumReader: valuesOf(invocation, "minimum-reader"),
  };
  return await migrator.createRevision(options);
}

/** Answers to what only `--autogenerate` asks. */
function assertNoAnswers({ arguments: parsed }: Invocation): void {
  const name = (["rename", "drop"] as const).find((one) => parsed.values.has(one));
  if (name === undefined) return;
  throw usageError(
    `--${name} has no meaning without --autogenerate`,
    `add --autogenerate, or leave out --${name}`,
  );
}

function presentNothing({ output }: Invocation): number {
  output.talk("the revisions make the declared schema: nothing was written");
  output.present({ text: "", document: { command: "revision", revision: null, path: null } });
  return 0;
}

function present(
  { output }: Invocation,
  command: string,
  created: CreatedRevision & { readonly branches?: readonly BranchComparison[] },
): number {
  const { revision: id, downRevision, path } = created;
  const parents = downRevision.length === 0 ? "<base>" : downRevision.join(", ");
  output.talk(`new revision ${id}, after ${parents}`);
  output.present({ text: path, document: { command, ...created } });
  return 0;
}

function valuesOf({ arguments: parsed }: Invocation, name: ValueName): readonly string[] {
  return parsed.values.get(name) ?? [];
}
