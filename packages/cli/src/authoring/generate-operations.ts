import type { GeneratedOperations, RenameQuestion } from "@skillmeat/migrate-core";
import type { Invocation } from "../project/invocation.ts";
import { readStyle } from "./revision-style.ts";
import type { Project } from "../project/open-project.ts";

/** Generates what leads to the declared schema, and says what was found and what it may cost. */
export async function generateOperations(
  invocation: Invocation,
  { migrator, loaded }: Project,
): Promise<GeneratedOperations> {
  const { arguments: parsed, terminal, output } = invocation;
  const drops = parsed.values.get("drop") ?? [];
  const generated = await migrator.autogenerate({
    renames: parsed.values.get("rename") ?? [],
    drops: drops.includes("all") ? "all" : drops,
    sql: readStyle(invocation, loaded).format === "sql",
    ...(terminal.isInteractive
      ? { onQuestion: async (question) => await Promise.resolve(ask(question, (text) => terminal.ask(text))) }
      : {}),
  });
  for (const difference of generated.differences) output.talk(`detected: ${difference}`);
  for (const { message } of generated.risks) output.alert(`warning: ${message}`, "warning");
  return generated;
}

/** The number of a candidate, 0 for none of them; anything else is no answer. */
function ask(
  { kind, table, name, candidates }: RenameQuestion,
  askLine: (question: string) => string | null,
): string | null | undefined {
  const place = table === null ? "" : ` of table "${table}"`;
  const choices = candidates.map((candidate, index) => `  ${index + 1}  it is renamed to "${candidate}"\n`);
  const answer = askLine(
    `${kind} "${name}"${place} is gone:\n${choices.join("")}  0  it is dropped with its data\n[0-${candidates.length}] `,
  );
  if (answer?.trim() === "0") return null;
  return /^\s*\d+\s*$/u.test(answer ?? "") ? candidates[Number(answer) - 1] : undefined;
}
