import { quoteForMessage, suggestNames } from "@skillmeat/migrate-core";
import { commandNames, isCommandName, type CommandName } from "../arguments/command-table.ts";
import { usageError } from "../arguments/usage-error.ts";
import { renderCommandHelp, renderHelp } from "../help/render-help.ts";
import type { Command } from "./command.ts";

/** `help [command]`, `--help` and `<command> --help` */
export const help: Command = ({ arguments: parsed, output }) => {
  const command =
    parsed.command === "help" || parsed.command === undefined ? named(parsed.operands[0]) : parsed.command;
  const text = command === undefined ? renderHelp() : renderCommandHelp(command);
  output.present({ text, document: { command: "help", about: command ?? null, text } });
  return Promise.resolve(0);
};

function named(word: string | undefined): CommandName | undefined {
  if (word === undefined) return undefined;
  const name = word.replaceAll("_", "-");
  if (isCommandName(name)) return name;
  const [best] = suggestNames(name, commandNames);
  throw usageError(
    `there is no help about ${quoteForMessage(word)}`,
    best === undefined ? `the commands are ${commandNames.join(", ")}` : `did you mean "${best}"?`,
  );
}
