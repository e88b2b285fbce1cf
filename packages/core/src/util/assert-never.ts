import { MigrationError } from "../errors/migration-error.ts";

/** Ends an exhaustive `switch`: the compiler proves that it cannot be reached. */
export function assertNever(value: never): never {
  throw new MigrationError("SKM_INTERNAL", `unexpected value ${JSON.stringify(value)}`);
}
