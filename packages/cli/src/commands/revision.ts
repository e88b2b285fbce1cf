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
    if (isGenerated) assertNotSql(invocation);
    const operations = isGenerated ? await generateOperations(invocation, project) : undefined;
    if (operations?.upgrade.length === 0) return presentNothing(invocation);
    const created = await create(invocation, project, {
      heads,
      ...(operations === undefined ? {} : { operations }),
    });
    return present(invocation, "revision", created);
  });

/** `merge [revision]...` */
export const merge: Command = async (invocation) =>
  await withProject(invocation, async (project) => {
    const { operands } = invocation.arguments;
    if (operands.length === 0 && (await project.migrator.heads()).length < 2) {
      invocation.output.talk("there are no several heads to merge: nothing was written");
      invocation.output.present({ text: "", document: { command: "merge", revision: null, path: null } });
      return 0;
    }
    const heads = (operands.length === 0 ? ["heads"] : operands).map((word) => readRevision(word));
    // A merge has nothing to do but to join: its bodies are empty, not unwritten.
    const operations = { upgrade: [], downgrade: [] };
    const branches = await project.migrator.compareBranches(heads);
    for (const line of describeBranches(branches)) invocation.output.talk(line);
    const created = await create(invocation, project, { heads, operations });
    return present(invocation, "merge", { ...created, branches });
  });

async function create(
  invocation: Invocation,
  { migrator, loaded }: Project,
  { heads, ...bodies }: Pick<CreateRevisionOptions, "operations"> & { readonly heads: readonly string[] },
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
  };
  return await migrator.createRevision(options);
}

function assertNotSql({ arguments: parsed }: Invocation): void {
  if (!parsed.switches.has("sql")) return;
  throw usageError(
    "--autogenerate and --sql do not go together",
    "generated revisions are TypeScript: leave out --sql",
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
