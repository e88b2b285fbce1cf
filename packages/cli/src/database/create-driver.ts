import { pathToFileURL } from "node:url";
import { type Driver, MigrationError } from "@skillmeat/migrate-core";
import type { DatabaseChoice } from "./choose-database.ts";
import type { DriverName } from "./driver-name.ts";

/** Makes the driver for a database. Its package is imported when a connection is made, not before. */
export function createDriver(choice: DatabaseChoice): Driver {
  if (choice.kind === "driver") return choice.driver;
  return {
    name: choice.kind === "default" ? "better-sqlite3" : choice.driver,
    connect: async (options) => await (await loadDriver(choice)).connect(options),
  };
}

type NamedChoice = Exclude<DatabaseChoice, { readonly kind: "driver" }>;

async function loadDriver(choice: NamedChoice): Promise<Driver> {
  if (choice.kind === "remote") {
    const { url, authToken } = choice.remote;
    return await makeLibsql({ url, ...(authToken === undefined ? {} : { authToken }) });
  }
  if (choice.kind === "file" && choice.driver === "libsql") {
    return await makeLibsql({
      url: choice.path === ":memory:" ? choice.path : pathToFileURL(choice.path).href,
    });
  }
  return await makeBetterSqlite3(choice);
}

async function makeBetterSqlite3(choice: NamedChoice): Promise<Driver> {
  const { betterSqlite3 } = await import("@skillmeat/migrate-driver-better-sqlite3");
  if (choice.kind === "default") {
    const { defaultCachePath } = await import("../project/skillmeat-cache.ts");
    return betterSqlite3({ path: defaultCachePath(), journalMode: "wal", createParent: true });
  }
  const { path, journalMode } =
    choice.kind === "file" ? choice : { path: ":memory:", journalMode: undefined };
  return betterSqlite3({ path, ...(journalMode === undefined ? {} : { journalMode }) });
}

/** A package that is installed by those who need it. */
interface OptionalDriver {
  readonly driver: DriverName;
  readonly packageName: string;
  readonly exportName: string;
}

const libsqlDriver: OptionalDriver = {
  driver: "libsql",
  packageName: "@skillmeat/migrate-driver-libsql",
  exportName: "libsql",
};

async function makeLibsql(options: Readonly<Record<string, unknown>>): Promise<Driver> {
  const make = await importOptional(libsqlDriver);
  const driver: unknown = Reflect.apply(make, undefined, [options]);
  if (isDriver(driver)) return driver;
  throw new MigrationError("SKM_DRIVER_MISSING", `${libsqlDriver.packageName} does not make a driver`, {
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
        hint: "this release brings no libSQL driver; pass a driver object of your own in the configuration file",
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
