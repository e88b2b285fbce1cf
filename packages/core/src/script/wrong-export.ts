import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";

/** Where a revision comes from, for messages. */
export interface RevisionPlace {
  /** Such as `revision file "/srv/app/revisions/001.ts"`; made only when something is wrong. */
  label(): string;
  readonly path: string | null;
}

/** Names a file for messages. */
export function placeOfFile(path: string): RevisionPlace {
  return { label: () => `revision file ${quoteForMessage(path, 1000)}`, path };
}

/** A field holds something else than it should. */
export function wrongField(
  place: RevisionPlace,
  field: string,
  { expected, found }: { readonly expected: string; readonly found: unknown },
): MigrationError {
  const got = describeValue(found);
  return wrongExport(place, `has a wrong "${field}": expected ${expected}, got ${got}`, {
    field,
    expected,
    found: got,
  });
}

/** What a file exports is not a revision; `hint` goes to the error, the other facts to its details. */
export function wrongExport(
  place: RevisionPlace,
  problem: string,
  {
    hint,
    ...facts
  }: { readonly field: string; readonly hint?: string; readonly [fact: string]: string | undefined },
): MigrationError {
  return new MigrationError("SKM_SCRIPT_EXPORT", `${place.label()} ${problem}`, {
    details: { path: place.path, ...facts },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Shows a value in a few words. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) {
    const odd = value.find((item) => !isFilledString(item));
    return value.length === 0 ? "an empty array" : `an array that holds ${describeValue(odd)}`;
  }
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return `${typeof value} ${quoteForMessage(value)}`;
}

/** A string that can be an id or a label. */
export function isFilledString(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
