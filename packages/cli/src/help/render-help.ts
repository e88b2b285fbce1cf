import { commandNames, commandTable, type CommandName } from "../arguments/command-table.ts";
import type { CommandDefinition } from "../arguments/command-definition.ts";
import {
  generalOptions,
  isValueName,
  optionDefinition,
  projectOptions,
  valueTable,
  type OptionName,
} from "../arguments/option-table.ts";

const program = "skillmeat-migrate";

const exitCodes = `Exit codes:
  0   done, and read back from the database
  1   a bug of this program, or output that cannot be written
  2   the command line or the configuration is wrong
  3   check says no: revisions are not applied
  4   something is wrong with the revision files
  5   the database cannot be used
  6   another process keeps the database busy
  7   failed and rolled back; the database is unchanged
  8   the last step may have taken effect, or only a part was committed
  9   refused for safety
  10  the remote database cannot be reached or refuses
  11  the database is newer than the revision files
  130, 143  interrupted, terminated; what was not committed is rolled back`;

const database = `The database is the first of these that is given: --url, SKILLMEAT_DATABASE_URL, SQLALCHEMY_URL,
TURSO_DATABASE_URL with TURSO_AUTH_TOKEN, the url of skillmeat-migrate.config.{ts,mts,js,mjs,json} in the working
directory, ~/.skillmeat/cache/cache.db. Revisions are those of --versions, of the configuration, or of the
SkillMeat cache.`;

/** How the program is called, and its commands. */
export function renderUsage(): string {
  const commands = table(commandNames.map((name) => [usageOf(name), commandTable[name].summary]));
  return `Usage: ${program} <command> [options]\n\nCommands:\n${commands}`;
}

/** The help of the whole program. */
export function renderHelp(): string {
  return [
    "Brings the schema of an SQLite, libSQL or Turso database to a revision: all or nothing.",
    renderUsage(),
    optionGroup("Options of every command", generalOptions),
    optionGroup("Options of every command that needs revisions or a database", projectOptions),
    database,
    exitCodes,
    `More about a command: ${program} help <command>`,
  ].join("\n\n");
}

/** The help of one command. */
export function renderCommandHelp(name: CommandName): string {
  const { description, options, examples, project, meanings } = commandTable[name];
  return [
    `Usage: ${program} ${usageOf(name)} [options]`,
    description,
    ...(options.length === 0 ? [] : [optionGroup("Options", options, meanings)]),
    ...(project === false ? [] : [optionGroup("Database and revisions", projectOptions)]),
    optionGroup("General options", generalOptions),
    `Examples:\n${table(examples.map(([line, meaning]) => [`${program} ${line}`, meaning]))}`,
  ].join("\n\n");
}

function usageOf(name: CommandName): string {
  const { operands } = commandTable[name];
  if (operands === null) return name;
  if (operands.usage !== undefined) return `${name} ${operands.usage}`;
  const many = operands.max > 1 ? "..." : "";
  return operands.min === 0 ? `${name} [${operands.name}]` : `${name} <${operands.name}>${many}`;
}

function optionGroup(
  title: string,
  names: readonly OptionName[],
  meanings: CommandDefinition["meanings"] = {},
): string {
  const rows = names.map(
    (name) => [spellOption(name), meanings[name] ?? optionDefinition(name).summary] as const,
  );
  return `${title}:\n${table(rows)}`;
}

/** `-r, --rev-range <start:end>` */
function spellOption(name: OptionName): string {
  const { short, long } = optionDefinition(name);
  const forms = [short === undefined ? "   " : `-${short}${long === false ? "" : ","}`];
  if (long !== false) forms.push(`--${name}`);
  if (isValueName(name)) forms.push(`<${valueTable[name].value}>`);
  return forms.join(" ");
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
