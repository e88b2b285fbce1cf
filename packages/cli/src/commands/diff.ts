import { renderOperations, type SchemaSide } from "@skillmeat/migrate-core";
import { usageError } from "../arguments/usage-error.ts";
import { showCount } from "../output/phrases.ts";
import type { Invocation } from "../project/invocation.ts";
import { withProject } from "../project/open-project.ts";
import type { Command } from "./command.ts";

/** How each side is called in a sentence. */
const sides: Readonly<Record<SchemaSide, string>> = {
  declared: "the declared schema",
  heads: "what the revisions make",
  current: "what the applied revisions make",
  database: "the database",
};

/** `diff`: what would turn one schema into another. */
export const diff: Command = async (invocation) =>
  await withProject(invocation, async ({ migrator, database }) => {
    const { output, arguments: parsed } = invocation;
    const from = readSide(invocation, "from") ?? "heads";
    const to = readSide(invocation, "to") ?? "declared";
    const { isSame, differences, operations } = await migrator.diff({ from, to });
    const code = renderOperations(operations);
    output.talk(
      isSame
        ? `no difference between ${sides[from]} and ${sides[to]}`
        : `${showCount(differences.length, "difference")} from ${sides[from]} to ${sides[to]}`,
    );
    output.present({
      text: parsed.switches.has("code") ? code : differences.join("\n"),
      document: { command: "diff", database, from, to, isSame, differences, code },
    });
    return 0;
  });

function readSide({ arguments: parsed }: Invocation, name: "from" | "to"): SchemaSide | undefined {
  const word = parsed.values.get(name)?.[0];
  if (word === undefined || isSide(word)) return word;
  throw usageError(
    `option --${name} has the value "${word}", expected ${Object.keys(sides).join(", ")}`,
    "see diff --help",
  );
}

function isSide(word: string): word is SchemaSide {
  return Object.hasOwn(sides, word);
}
