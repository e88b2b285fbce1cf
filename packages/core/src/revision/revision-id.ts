import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

/** Longest id or label that is written; Alembic's column is VARCHAR(32), which SQLite does not enforce. */
export const maxNameLength = 64;

/** Why a name is not a good revision id or branch label. */
export interface NameFlaw {
  readonly message: string;
  /** Whether existing revisions with this name cannot be worked with; otherwise it is only reported. */
  readonly isFatal: boolean;
}

const reservedNames: readonly string[] = ["base", "current", "head", "heads"];
// Nearly every name is of this form; it saves the other examinations.
const plainName = /^[A-Za-z0-9_]+$/;
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
const idOperators = /[@+:-]/gu;
const separators = /[@+:,/-]/gu;

const describeCharacters = (name: string, pattern: RegExp): string => {
  const found = [...new Set(name.match(pattern))].map((character) => quoteForMessage(character));
  return `contains ${found.join(", ")}`;
};

const isPlain = (name: unknown): boolean =>
  typeof name === "string" && plainName.test(name) && !reservedNames.includes(name);

const findCommonFlaw = (name: unknown): NameFlaw | undefined => {
  if (typeof name !== "string") return { message: "is not a string", isFatal: true };
  if (name === "") return { message: "is empty", isFatal: true };
  if (reservedNames.includes(name)) return { message: "is a reserved word", isFatal: true };
  if (controlCharacters.test(name)) return { message: "contains a control character", isFatal: true };
  if (name.trim() !== name) return { message: "begins or ends with a space", isFatal: true };
  return undefined;
};

/**
 * Examines the id of an existing revision: what Alembic refuses and what cannot be addressed is fatal,
 * a comma or slash is only reported.
 */
export function findIdFlaw(id: unknown): NameFlaw | undefined {
  if (isPlain(id)) return undefined;
  const flaw = findCommonFlaw(id);
  if (flaw !== undefined || typeof id !== "string") return flaw;
  if (id.search(idOperators) !== -1) {
    return { message: describeCharacters(id, idOperators), isFatal: true };
  }
  return id.search(separators) === -1
    ? undefined
    : { message: describeCharacters(id, separators), isFatal: false };
}

/** Examines a branch label of an existing revision; Alembic accepts any characters, so they are only reported. */
export function findLabelFlaw(label: unknown): NameFlaw | undefined {
  const flaw = findCommonFlaw(label);
  if (flaw !== undefined || typeof label !== "string") return flaw;
  return label.search(separators) === -1
    ? undefined
    : { message: describeCharacters(label, separators), isFatal: false };
}

const findNewNameFlaw = (name: unknown): string | undefined => {
  const flaw = findLabelFlaw(name);
  if (flaw !== undefined || typeof name !== "string") return flaw?.message;
  if (reservedNames.includes(name.toLowerCase())) return "is a reserved word";
  if (name.length > maxNameLength) return `has ${name.length} characters`;
  return /^[A-Za-z0-9_]+$/u.test(name) ? undefined : describeCharacters(name, /[^A-Za-z0-9_]/gu);
};

const assertNewName = (what: string, name: string): void => {
  const flaw = findNewNameFlaw(name);
  if (flaw === undefined) return;
  throw new MigrationError("SKM_SCRIPT_ID", `${quoteForMessage(name)} cannot be a ${what}: it ${flaw}`, {
    details: { name, reason: flaw },
    hint: `use 1 to ${maxNameLength} letters a-z, digits and "_", and none of ${reservedNames.join(", ")}`,
  });
};

/**
 * Refuses an id that should not be written into a new revision file; stricter than what is read.
 * @throws {SKM_SCRIPT_ID} reserved word, other characters than `A-Z a-z 0-9 _`, or longer than 64
 */
export function validateRevisionId(id: string): void {
  assertNewName("revision id", id);
}

/**
 * Refuses a branch label that should not be written into a new revision file.
 * @throws {SKM_SCRIPT_ID} as {@link validateRevisionId}
 */
export function validateBranchLabel(label: string): void {
  assertNewName("branch label", label);
}
