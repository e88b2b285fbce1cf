/**
 * Marks the instances of an error class, so that another copy of this package knows them.
 *
 * Two copies in one process are ordinary: the command line has core in its bundle, and the driver in a
 * user's configuration brings its own. Each copy has its own class, and plain `instanceof` would take the
 * other's errors for bugs.
 */
export function brandInstances(prototype: object, name: string): void {
  Object.defineProperty(prototype, brandOf(name), { value: true });
}

/** Tells whether a value is an instance of a class that carries this mark, whichever copy made it. */
export function isBranded(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && brandOf(name) in value;
}

/** The registry of `Symbol.for` is one for all copies and all realms. */
function brandOf(name: string): symbol {
  return Symbol.for(`@skillmeat/migrate-core/${name}`);
}
