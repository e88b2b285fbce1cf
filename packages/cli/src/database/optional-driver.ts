import { type Driver, MigrationError } from "@skillmeat/migrate-core";
import type { DriverName } from "./driver-name.ts";

/** A package that is installed by those who need it. */
export interface OptionalDriver {
  readonly driver: DriverName;
  readonly packageName: string;
  readonly exportName: string;
}

/** @throws {MigrationError} SKM_DRIVER_MISSING: not installed, or not of this version. */
export async function makeOptionalDriver(
  optional: OptionalDriver,
  options: Readonly<Record<string, unknown>>,
): Promise<Driver> {
  const make = await importOptional(optional);
  const driver: unknown = Reflect.apply(make, undefined, [options]);
  if (isDriver(driver)) return driver;
  throw new MigrationError("SKM_DRIVER_MISSING", `${optional.packageName} does not make a driver`, {
    hint: "install the version that belongs to this command",
  });
}

async function importOptional({ driver, packageName, exportName }: OptionalDriver): Promise<Function> {
  const module: unknown = await import(/* @vite-ignore */ packageName).catch((cause: unknown) => {
    if (!isMissing(cause, packageName)) throw cause;
    throw new MigrationError(
      "SKM_DRIVER_MISSING",
      `the package ${packageName} is not installed, which the driver "${driver}" needs`,
      {
        cause,
        details: { driver, package: packageName },
        hint: `install it beside the command: npm install ${packageName}`,
      },
    );
  });
  const make: unknown =
    typeof module === "object" && module !== null ? Reflect.get(module, exportName) : undefined;
  if (typeof make === "function") return make;
  throw new MigrationError("SKM_DRIVER_MISSING", `${packageName} does not export ${exportName}()`, {
    details: { driver, package: packageName },
    hint: "install the version that belongs to this command",
  });
}

function isMissing(error: unknown, packageName: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(packageName)
  );
}

function isDriver(value: unknown): value is Driver {
  return (
    typeof value === "object" && value !== null && "connect" in value && typeof value.connect === "function"
  );
}
