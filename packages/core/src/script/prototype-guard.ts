import { MigrationError } from "../errors/migration-error.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { placeOfFile } from "./wrong-export.ts";

/** `Object.prototype` as it was. */
export type PrototypeSnapshot = ReadonlyMap<PropertyKey, PropertyDescriptor>;

/** Remembers `Object.prototype`, to be compared after foreign code has run. */
export function snapshotPrototype(): PrototypeSnapshot {
  return new Map(Reflect.ownKeys(Object.prototype).map((key) => [key, describeProperty(key)]));
}

/**
 * Puts `Object.prototype` back as it was and reports what had changed. A property that every object
 * inherits turns up in option objects and `for…in` loops of the whole process.
 *
 * @returns `undefined` when nothing had changed
 */
export function restorePrototype(before: PrototypeSnapshot, path: string): MigrationError | undefined {
  const keys = new Set([...before.keys(), ...Reflect.ownKeys(Object.prototype)]);
  const changed = [...keys].filter((key) => !isUnchanged(key, before.get(key)));
  if (changed.length === 0) return undefined;
  const restored = changed.every((key) => restoreProperty(key, before.get(key)));
  const names = changed.map(String);
  return new MigrationError(
    "SKM_SCRIPT_POLLUTION",
    `${placeOfFile(path).label()} changes Object.prototype: ${names.map((name) => quoteForMessage(name)).join(", ")}`,
    {
      details: { path, keys: names, restored },
      hint: "do not extend built-in prototypes, or import what does before the run",
    },
  );
}

function describeProperty(key: PropertyKey): PropertyDescriptor {
  return Reflect.getOwnPropertyDescriptor(Object.prototype, key) ?? {};
}

function isUnchanged(key: PropertyKey, before: PropertyDescriptor | undefined): boolean {
  const now = describeProperty(key);
  return (
    before !== undefined && before.value === now.value && before.get === now.get && before.set === now.set
  );
}

function restoreProperty(key: PropertyKey, before: PropertyDescriptor | undefined): boolean {
  if (before === undefined) return Reflect.deleteProperty(Object.prototype, key);
  return Reflect.defineProperty(Object.prototype, key, before);
}
