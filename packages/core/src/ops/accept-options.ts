import { quoteForMessage } from "../errors/quote-for-message.ts";
import { acceptBoolean, list, object, type Accept } from "./accept.ts";
import { acceptName } from "./accept-sql.ts";
import type { AllowDataLoss, CreateOptions, DropOptions } from "./operations.ts";
import { argumentOf, describePlace, type Place } from "./place.ts";

const acceptCreate = object<CreateOptions>({ ifNotExists: acceptBoolean }, []);

/** Accepts the options of a create method; what is `false` is left out, so that equal operations look equal. */
export function acceptCreateOptions(method: string, options: unknown): CreateOptions {
  if (options === undefined) return {};
  const { ifNotExists } = acceptCreate(options, argumentOf(method, "options", options));
  return ifNotExists === true ? { ifNotExists } : {};
}

interface RawDropOptions {
  readonly ifExists?: boolean;
  readonly definition?: unknown;
}

const acceptDrop = object<RawDropOptions>(
  { ifExists: acceptBoolean, definition: (definition) => definition },
  [],
);

/** Makes the check for the options of a drop method, whose definition is accepted by `accept`. */
export function dropOptions<Definition extends { readonly name: string }>(
  method: string,
  accept: Accept<Definition>,
): (name: string, options: unknown) => DropOptions<Definition> {
  return (name, options) => {
    if (options === undefined) return {};
    const parent = argumentOf(method, "options", options);
    const { ifExists, definition } = acceptDrop(options, parent);
    const guard = ifExists === true ? { ifExists } : {};
    if (definition === undefined) return guard;
    const accepted = accept(definition, { parent, key: "definition", value: definition });
    assertSameName(name, accepted.name, parent);
    return { ...guard, definition: accepted };
  };
}

export const acceptAllowDataLoss: Accept<readonly string[]> = list(acceptName);

const acceptExecute = object<AllowDataLoss>({ allowDataLoss: acceptAllowDataLoss }, []);

export function acceptExecuteOptions(method: string, options: unknown): AllowDataLoss {
  return options === undefined ? {} : acceptExecute(options, argumentOf(method, "options", options));
}

/** @throws {TypeError} the definition is of something else than what is dropped. */
export function assertSameName(name: string, defined: string, place: Place): void {
  if (name === defined) return;
  throw new TypeError(
    `definition in ${describePlace(place)} is of ${quoteForMessage(defined)}, not of ${quoteForMessage(name)}`,
  );
}
