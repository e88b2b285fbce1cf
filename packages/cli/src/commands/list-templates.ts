import { templateNames, templateTable } from "../authoring/templates.ts";
import type { Command } from "./command.ts";

/** `list-templates` */
export const listTemplates: Command = ({ output }) => {
  const templates = templateNames.map((name) => ({ name, summary: templateTable[name].summary }));
  const width = Math.max(...templateNames.map((name) => name.length));
  output.present({
    text: templates.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join("\n"),
    document: { command: "list-templates", templates },
  });
  return Promise.resolve(0);
};
