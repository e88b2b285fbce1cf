import { type MigrationError, quoteForMessage, suggestNames } from "@skillmeat/migrate-core";
import { commandNames, commandTable, isCommandName, type CommandName } from "./command-table.ts";
import {
  generalOptions,
  isSwitchName,
  isValueName,
  optionDefinition,
  projectOptions,
  showOption,
  switchTable,
  valueTable,
  type OptionName,
  type SwitchName,
  type ValueName,
} from "./option-table.ts";
import { usageError } from "./usage-error.ts";

/** A command line, understood. */
export interface ParsedArguments {
  /** `undefined` when no command is given. */
  readonly command: CommandName | undefined;
  readonly operands: readonly string[];
  readonly switches: ReadonlySet<SwitchName>;
  /** In the order given; several only for options that may be repeated. */
  readonly values: ReadonlyMap<ValueName, readonly string[]>;
}

interface State {
  readonly words: string[];
  readonly switches: Set<SwitchName>;
  readonly values: Map<ValueName, string[]>;
}

/**
 * Understands a command line. Options may stand before and after the command; `--` ends them. A word that
 * starts with a hyphen and a digit, such as `-1` or `-2:head`, is a revision and never an option.
 *
 * @throws {MigrationError} SKM_USAGE
 */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const state: State = { words: [], switches: new Set(), values: new Map() };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") state.words.push(...rest.splice(0));
    else if (word.startsWith("--")) readLong(state, word, rest);
    else if (/^-\D/u.test(word)) readShort(state, word, rest);
    else state.words.push(word);
  }
  const [first, ...operands] = state.words;
  const command = first === undefined ? undefined : findCommand(first);
  assertAllowed(command, state);
  const { switches, values } = state;
  const asksForHelp = switches.has("help") || switches.has("version");
  if (command !== undefined && !asksForHelp) assertOperands(command, operands);
  return { command, operands, switches, values };
}

function findCommand(word: string): CommandName {
  // Alembic writes ensure_version.
  const name = word.replaceAll("_", "-");
  if (isCommandName(name)) return name;
  throw usageError(
    `unknown command ${quoteForMessage(word)}`,
    suggest(word, commandNames) ?? "`skillmeat-migrate help` lists the commands",
    { command: word },
  );
}

function readLong(state: State, word: string, rest: string[]): void {
  const equals = word.indexOf("=");
  const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const given = equals === -1 ? undefined : word.slice(equals + 1);
  if (isSwitchName(name)) {
    if (given !== undefined) throw takesNoValue(name);
    state.switches.add(name);
  } else if (isValueName(name) && valueTable[name].long !== false) {
    addValue(state, name, given ?? takeValue(name, rest));
  } else throw unknownOption(`--${name}`);
}

/** `-v`, `-vi`, `-r a:b`, `-ra:b` and, as Alembic's users write it, `-r=-2:head`. */
function readShort(state: State, word: string, rest: string[]): void {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? "";
    const name = findShort(letter);
    if (name === undefined) throw unknownOption(`-${letter}`);
    if (isValueName(name)) {
      const attached = word.slice(at + 1).replace(/^=/u, "");
      addValue(state, name, attached === "" ? takeValue(name, rest) : attached);
      return;
    }
    if (word[at + 1] === "=") throw takesNoValue(name);
    state.switches.add(name);
  }
}

const allOptions: readonly OptionName[] = [
  ...Object.keys(switchTable).filter((name) => isSwitchName(name)),
  ...Object.keys(valueTable).filter((name) => isValueName(name)),
];

function findShort(letter: string): OptionName | undefined {
  return allOptions.find((name) => optionDefinition(name).short === letter);
}

/** The word after an option, unless that is an option itself. */
function takeValue(name: ValueName, rest: string[]): string {
  const next = rest.shift();
  if (next !== undefined && !/^-\D/u.test(next)) return next;
  const { value } = valueTable[name];
  const option = showOption(name);
  throw usageError(
    `option ${option} needs a value: ${option} <${value}>`,
    name === "config" && next === undefined
      ? "-c is --config here; what Alembic calls `current -c` is `current --check-heads`"
      : `write ${option}=<${value}> for a value that starts with a hyphen`,
    { option },
  );
}

function addValue(state: State, name: ValueName, value: string): void {
  const given = state.values.get(name);
  if (given === undefined) state.values.set(name, [value]);
  else if (valueTable[name].repeatable === true) given.push(value);
  else {
    const option = showOption(name);
    throw usageError(`option ${option} is given twice`, "leave one of them out", { option });
  }
}

function assertAllowed(command: CommandName | undefined, state: State): void {
  const given: readonly OptionName[] = [...state.switches, ...state.values.keys()];
  const allowed = allowedOptions(command);
  const stray = given.find((name) => !allowed.includes(name));
  if (stray === undefined) return;
  const option = showOption(stray);
  throw usageError(
    command === undefined
      ? `option ${option} needs a command`
      : `option ${option} does not belong to the command "${command}"`,
    hintForStray(stray),
    { option, command: command ?? null },
  );
}

function hintForStray(stray: OptionName): string {
  const owners = commandNames.filter((name) => commandTable[name].options.includes(stray));
  return owners.length === 0 || projectOptions.includes(stray)
    ? "leave it out"
    : `it is an option of ${owners.join(" and ")}`;
}

/** What may be given with a command; without one, everything that any command without operands of its own takes. */
export function allowedOptions(command: CommandName | undefined): readonly OptionName[] {
  if (command === undefined) return [...generalOptions, ...projectOptions];
  const { options, project } = commandTable[command];
  return [...options, ...(project === false ? [] : projectOptions), ...generalOptions];
}

function assertOperands(command: CommandName, operands: readonly string[]): void {
  const definition = commandTable[command].operands;
  const { min, max, name, usage } = definition ?? { min: 0, max: 0, name: "" };
  const extra = operands[max];
  if (extra !== undefined) {
    throw usageError(
      `unexpected argument ${quoteForMessage(extra)} after "${command}"`,
      max === 0 ? "this command takes options only" : `"${command}" takes ${usage ?? `one ${name}`}`,
      { command, argument: extra },
    );
  }
  if (operands.length >= min) return;
  throw usageError(
    `the command "${command}" needs ${min === 1 ? withArticle(name) : `${min} ${name}s`}: skillmeat-migrate ${command} ${usage ?? `<${name}>`}`,
    `\`skillmeat-migrate ${command} --help\` has examples`,
    { command },
  );
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/u.test(noun) ? "an" : "a"} ${noun}`;
}

function takesNoValue(name: SwitchName): MigrationError {
  const option = showOption(name);
  return usageError(`option ${option} takes no value`, `write ${option} alone`, { option });
}

function unknownOption(option: string): MigrationError {
  return usageError(
    `unknown option ${quoteForMessage(option)}`,
    suggestOption(option) ?? "`skillmeat-migrate help` lists the options",
    { option },
  );
}

function suggestOption(option: string): string | undefined {
  if (!option.startsWith("--")) return undefined;
  const names = allOptions.filter((name) => optionDefinition(name).long !== false);
  return suggest(option.slice(2), names, "--");
}

function suggest(word: string, names: readonly string[], prefix = ""): string | undefined {
  const [best] = suggestNames(word, names);
  return best === undefined ? undefined : `did you mean "${prefix}${best}"?`;
}
