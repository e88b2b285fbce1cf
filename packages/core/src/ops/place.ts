import { escapeControls } from "../errors/quote-for-message.ts";

/** Where a value stands in the arguments of a call, built on the way down and written out only for an error. */
export interface Place {
  readonly parent: Place | undefined;
  /** A property, an index, or the method at the root. */
  readonly key: string | number;
  /** The value, whose `name` tells the reader more than an index does. */
  readonly value: unknown;
}

/** The place of an argument, such as `table` of `op.createTable`. */
export function argumentOf(method: string, key: string, value: unknown): Place {
  return { parent: { parent: undefined, key: method, value: undefined }, key, value };
}

/** `default of columns[2] "age" of table "users" in op.createTable` */
export function describePlace(place: Place): string {
  const labels: string[] = [];
  let current = place;
  while (current.parent !== undefined) {
    const isItem = typeof current.key === "number";
    const owner: Place = isItem ? current.parent : current;
    const index = isItem ? `[${current.key}]` : "";
    labels.push(`${owner.key}${index}${nameOf(current.value)}`);
    current = owner.parent ?? owner;
  }
  return labels.length === 0 ? String(current.key) : `${labels.join(" of ")} in ${current.key}`;
}

function nameOf(value: unknown): string {
  const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
  return typeof name === "string" ? ` "${escapeControls(name).slice(0, 60)}"` : "";
}
