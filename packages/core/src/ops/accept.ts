import { quoteForMessage } from "../errors/quote-for-message.ts";
import { describePlace, type Place } from "./place.ts";

/**
 * Checks a value that came from an author, who may write plain JavaScript, and returns a frozen copy of it:
 * what is recorded cannot change afterwards.
 *
 * @throws {TypeError} the value has the wrong type or an unknown property.
 */
export type Accept<Value> = (value: unknown, place: Place) => Value;

type Properties<Value> = {
  readonly [Key in keyof Value]-?: Accept<Exclude<Value[Key], undefined>>;
};

/**
 * Accepts an object with these properties and no others. A property that is `undefined` counts as absent.
 */
export function object<Value extends object>(
  properties: Properties<Value>,
  required: readonly (keyof Value & string)[],
): Accept<Value> {
  const accepts = new Map<string, Accept<unknown>>(Object.entries<Accept<unknown>>(properties));
  return (value, place) => {
    if (!isRecord(value)) throw wrongType(value, place, "an object");
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const accept = accepts.get(key);
      if (accept === undefined) throw unknownProperty(key, place, [...accepts.keys()]);
      const property = value[key];
      if (property !== undefined) copy[key] = accept(property, { parent: place, key, value: property });
    }
    if (isComplete<Value>(copy, required)) return Object.freeze(copy);
    const missing = required.find((key) => copy[key] === undefined);
    throw new TypeError(`${describePlace(place)} needs the property "${missing}"`);
  };
}

/** Each property went through its own check before; the compiler cannot follow the loop that did it. */
function isComplete<Value extends object>(
  copy: object,
  required: readonly (keyof Value & string)[],
): copy is Value {
  return required.every((key) => Object.hasOwn(copy, key));
}

/** Accepts an array of at least `least` items (1 unless told). */
export function list<Item>(accept: Accept<Item>, least = 1): Accept<readonly Item[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw wrongType(value, place, "an array");
    if (value.length < least) throw new TypeError(`${describePlace(place)} must not be empty`);
    const items: readonly unknown[] = value;
    return Object.freeze(items.map((item, key) => accept(item, { parent: place, key, value: item })));
  };
}

/** Accepts one of these strings. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Accept<Choice> {
  return (value, place) => {
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw wrongType(value, place, `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`);
  };
}

export const acceptBoolean: Accept<boolean> = (value, place) => {
  if (typeof value !== "boolean") throw wrongType(value, place, "true or false");
  return value;
};

/** Accepts `true` as well as what `accept` accepts; `false` is kept, it says "no" where absence says nothing. */
export function booleanOr<Value>(accept: Accept<Value>): Accept<boolean | Value> {
  return (value, place) => (typeof value === "boolean" ? value : accept(value, place));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

export function wrongType(value: unknown, place: Place, expected: string): TypeError {
  return new TypeError(`${describePlace(place)} must be ${expected}, got ${quoteForMessage(value, 60)}`);
}

function unknownProperty(key: string, place: Place, known: readonly string[]): TypeError {
  const found = quoteForMessage(key, 60);
  return new TypeError(
    `${describePlace(place)} has the unknown property ${found}; known are ${known.join(", ")}`,
  );
}
