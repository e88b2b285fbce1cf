import { spawnSync } from "node:child_process";
import { combineProblems, MigrationError, quoteForMessage } from "@skillmeat/migrate-core";
import { readRevision } from "../arguments/read-revision.ts";
import { findEditor, type Editor } from "../authoring/find-editor.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** `edit <revision>` */
export const edit: Command = async (invocation) => {
  const target = readRevision(invocation.arguments.operands[0] ?? "");
  const paths = await withProject(invocation, async ({ migrator }) => {
    const entries = await migrator.show(target);
    return entries.flatMap(({ path }) => path ?? []);
  });
  if (paths.length === 0) {
    throw new MigrationError("SKM_USAGE", `there is no file of revision ${quoteForMessage(target)} to edit`, {
      details: { revision: target },
      hint: "name a revision that is in a file; `history` lists them",
    });
  }
  openEditor(invocation, findEditor(invocation.env), paths);
  // Read anew: what was edited may be anything now.
  return await withProject(invocation, async ({ migrator }) => {
    const problems = await migrator.problems();
    if (problems.length > 0) throw combineProblems(problems);
    invocation.output.present({ text: "", document: { command: "edit", revision: target, paths } });
    return 0;
  });
};

function openEditor({ cwd, env }: Invocation, editor: Editor, paths: readonly string[]): void {
  const { status, signal, error } = spawnSync(editor.program, [...editor.args, ...paths], {
    cwd,
    env: { ...env },
    stdio: "inherit",
    shell: editor.needsShell,
  });
  if (error === undefined && status === 0) return;
  const how =
    error?.message ?? (signal === null ? `it ended with exit code ${status}` : `${signal} ended it`);
  throw new MigrationError("SKM_EDITOR", `the editor ${quoteForMessage(editor.command)} failed: ${how}`, {
    ...(error === undefined ? {} : { cause: error }),
    details: { editor: editor.command, status, signal },
    hint: "set EDITOR to the command of an editor that waits until you are done, such as `code --wait`",
  });
}
