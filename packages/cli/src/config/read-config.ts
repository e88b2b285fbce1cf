import {
  type DiffOptions,
  type Driver,
  findFileNameFlaw,
  MigrationError,
  quoteForMessage,
  type Revision,
  suggestNames,
} from "@skillmeat/migrate-core";
import { driverNames, isDriverName } from "../database/driver-name.ts";
import type { Config } from "./config.ts";

/** Says what a value should have been, or `null` when it is that. */
type Rule = (value: unknown) => string | null;

const text: Rule = (value) => (typeof value === "string" ? null : "a string");
const flag: Rule = (value) => (typeof value === "boolean" ? null : "true or false");
const oneOf =
  (...choices: readonly string[]): Rule =>
  (value) =>
    choices.some((choice) => choice === value) ? null : choices.map((choice) => `"${choice}"`).join(" or ");
const integer =
  (largest: number): Rule =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= largest
      ? null
      : `an integer from 0 to ${largest}`;

const rules: Readonly<Record<keyof Config, Rule>> = {
  url: text,
  authToken: text,
  driver: (value) =>
    isDriver(value) || isDriverName(value)
      ? null
      : `a driver, or ${driverNames.map((name) => `"${name}"`).join(" or ")}`,
  revisions: (value) =>
    isRevisions(value) ? null : "a directory, an array of directories, or an array of revisions",
  versionLocations: (value) =>
    typeof value === "string" || (Array.isArray(value) && isAllText(value))
      ? null
      : "a directory or an array of directories",
  schema: (value) =>
    typeof value === "string" || isPlainObject(value) ? null : "the path of a schema, or a schema",
  compare: (value) => (isComparison(value) ? null : `an object with ${[...comparisonKeys].join(", ")}`),
  recursive: flag,
  template: text,
  fileName: (value) => {
    const flaw = typeof value === "string" ? findFileNameFlaw(value) : "it is no string";
    return flaw === undefined ? null : `a name of tokens, and ${flaw}`;
  },
  slugLength: integer(120),
  postWriteHooks: (value) =>
    Array.isArray(value) && value.every(isHook)
      ? null
      : 'an array of functions and of programs with arguments, such as [["prettier", "--write", "{file}"]]',
  versionTable: text,
  journal: (value) =>
    typeof value === "boolean" || (typeof value === "string" && value !== "")
      ? null
      : "true, false or the name of a table",
  transactionPer: oneOf("run", "revision"),
  lockTimeoutMs: integer(86_400_000),
  queue: flag,
  newer: oneOf("refuse", "allow"),
  foreignKeys: oneOf("enforced", "suspended"),
  // A 32-bit field of the database header, https://sqlite.org/pragma.html#pragma_application_id
  applicationId: integer(2 ** 31 - 1),
  journalMode: oneOf("wal"),
  backup: (value) =>
    typeof value === "boolean" || isBackup(value) ? null : "true, false or { directory, keep }",
  snapshot: (value) =>
    value === false || (typeof value === "string" && value !== "") || isPlainObject(value)
      ? null
      : "the path of a file, or false",
  allowInsecure: flag,
};

function isBackup(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const { directory, keep, ...more } = value;
  const isCount = keep === undefined || (typeof keep === "number" && Number.isSafeInteger(keep) && keep > 0);
  return (
    Object.keys(more).length === 0 && isCount && (directory === undefined || typeof directory === "string")
  );
}

function isHook(value: unknown): boolean {
  return typeof value === "function" || (Array.isArray(value) && isAllText(value));
}

const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Accepts a value as a configuration: a plain object with known keys and values of their types.
 *
 * @param file for messages.
 * @throws {MigrationError} SKM_CONFIG_SHAPE
 */
export function readConfig(value: unknown, file: string): Config {
  if (!isPlainObject(value)) {
    throw wrong(file, `it is ${describe(value)}, expected an object or a function`, {
      hint: "write `export default defineConfig({ … })`",
    });
  }
  for (const key of Object.keys(value)) assertKey(key, file);
  for (const [key, rule] of Object.entries(rules)) assertValue(key, rule, { value: value[key], file });
  if (typeof value["driver"] === "object" && value["url"] !== undefined) {
    throw wrong(file, "it has a url and a driver of its own, which knows its database", {
      key: "url",
      hint: "leave one of them out",
    });
  }
  if (value["revisions"] !== undefined && value["versionLocations"] !== undefined) {
    throw wrong(file, "it has revisions and versionLocations, which are the same", {
      key: "versionLocations",
      hint: "leave one of them out",
    });
  }
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

function assertKey(key: string, file: string): void {
  if (forbidden.has(key)) {
    throw wrong(file, `the key ${quoteForMessage(key)} is forbidden`, { key, hint: "leave it out" });
  }
  if (Object.hasOwn(rules, key)) return;
  const names = Object.keys(rules);
  const [best] = suggestNames(key, names);
  throw wrong(file, `unknown key ${quoteForMessage(key)}`, {
    key,
    hint: best === undefined ? `known keys are ${names.join(", ")}` : `did you mean "${best}"?`,
  });
}

function assertValue(
  key: string,
  rule: Rule,
  { value, file }: { readonly value: unknown; readonly file: string },
): void {
  const expected = value === undefined ? null : rule(value);
  if (expected === null) return;
  // The value of a token that is, say, a number is still a secret.
  const found = key === "authToken" ? `a ${typeof value}` : describe(value);
  throw wrong(file, `${key} is ${found}, expected ${expected}`, { key, expected, found });
}

function wrong(
  file: string,
  problem: string,
  { hint, ...details }: { readonly hint?: string; readonly [fact: string]: string | undefined },
): MigrationError {
  return new MigrationError(
    "SKM_CONFIG_SHAPE",
    `the configuration ${quoteForMessage(file, 1000)} is not usable: ${problem}`,
    {
      details: { file, ...details },
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const comparisonKeys: ReadonlySet<string> = new Set([
  "include",
  "exclude",
  "compareType",
  "compareDefault",
] satisfies readonly (keyof DiffOptions)[]);

function isComparison(value: unknown): value is DiffOptions {
  if (!isPlainObject(value) || !Object.keys(value).every((key) => comparisonKeys.has(key))) return false;
  const { include, exclude, compareType, compareDefault } = value;
  const isHook = (hook: unknown): boolean => hook === undefined || typeof hook === "function";
  const isNames = exclude === undefined || (Array.isArray(exclude) && isAllText([...exclude, "-"]));
  const isType = isHook(compareType) || compareType === "declared" || compareType === "affinity";
  return isHook(include) && isNames && isType && isHook(compareDefault);
}

function isDriver(value: unknown): value is Driver {
  return (
    typeof value === "object" &&
    value !== null &&
    "connect" in value &&
    typeof value.connect === "function" &&
    "name" in value &&
    typeof value.name === "string"
  );
}

function isRevisions(value: unknown): value is NonNullable<Config["revisions"]> {
  if (typeof value === "string") return value.trim() !== "";
  if (!Array.isArray(value)) return false;
  const items: readonly unknown[] = value;
  // What a revision must be is checked where revisions are read, with better messages than this one.
  return isAllText(items) || items.every((item) => typeof item === "object" && item !== null);
}

function isAllText(values: readonly unknown[]): values is readonly string[] {
  return values.length > 0 && values.every((value) => typeof value === "string" && value.trim() !== "");
}

/** Revisions given as objects, when that is what they are. */
export function givenRevisions(revisions: Config["revisions"]): readonly Revision[] | undefined {
  if (revisions === undefined || typeof revisions === "string") return undefined;
  const objects = revisions.filter((item) => typeof item !== "string");
  return objects.length === revisions.length ? objects : undefined;
}

/** Directories of revision files, when that is what is given. */
export function givenDirectories({
  versionLocations,
  revisions = versionLocations,
}: Config): readonly string[] | undefined {
  if (revisions === undefined) return undefined;
  const list = typeof revisions === "string" ? [revisions] : revisions;
  const directories = list.filter((item) => typeof item === "string");
  return directories.length > 0 ? directories : undefined;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `the string ${quoteForMessage(value, 60)}`;
  if (value === null || value === undefined) return String(value);
  if (typeof value === "object") return "an object of another kind";
  if (typeof value === "number" || typeof value === "boolean") return `the ${typeof value} ${value}`;
  return `a ${typeof value}`;
}
