import { pathToFileURL } from "node:url";
import { type Driver, MigrationError } from "@skillmeat/migrate-core";
import type { SyncFileOptions } from "@skillmeat/migrate-core/driver";
import type { DatabaseChoice } from "./choose-database.ts";
import type { DriverName } from "./driver-name.ts";
import { connectFile, type OnChosen } from "./file-driver.ts";

/**
 * Makes the driver for a database. Its package is imported when a connection is made, not before.
 *
 * @param say told which driver it is, once, when the first connection is made.
 */
export function createDriver(choice: DatabaseChoice, say: (line: string) => void = () => undefined): Driver {
  if (choice.kind === "driver") return choice.driver;
  const onChosen = sayOnce(say);
  return {
    name: choice.driver ?? "sqlite",
    connect: async (options = {}) => {
      if (choice.kind !== "remote" && choice.driver !== "libsql") {
        const settings = await fileSettings(choice);
        return await connectFile({ driver: choice.driver, settings, onChosen }, options);
      }
      const connection = await (await loadLibsql(choice)).connect(options);
      onChosen("libsql", connection);
      return connection;
    },
  };
}

/** Makes a driver for databases in memory, to ask SQLite what a schema is. */
export function createScratchDriver(): Driver {
  const request = { driver: undefined, settings: { path: ":memory:" }, onChosen: () => undefined };
  return { name: "scratch", connect: async (options = {}) => await connectFile(request, options) };
}

type NamedChoice = Exclude<DatabaseChoice, { readonly kind: "driver" }>;

function sayOnce(say: (line: string) => void): OnChosen {
  let isSaid = false;
  return (driver, { capabilities }, reason) => {
    if (isSaid) return;
    isSaid = true;
    // Which SQLite a server runs is known with its first answer only.
    const engine = capabilities.lock === "server" ? "" : ` with SQLite ${capabilities.engineVersion}`;
    say(`driver: ${driver}${engine}${reason === undefined ? "" : `; ${reason}`}`);
  };
}

async function fileSettings(choice: NamedChoice): Promise<SyncFileOptions> {
  if (choice.kind === "file") {
    const { path, journalMode } = choice;
    return { path, ...(journalMode === undefined ? {} : { journalMode }) };
  }
  const { defaultCachePath } = await import("../project/skillmeat-cache.ts");
  return { path: defaultCachePath(), journalMode: "wal", createParent: true };
}

async function loadLibsql(choice: NamedChoice): Promise<Driver> {
  if (choice.kind === "remote") {
    const { url, authToken, allowInsecure } = choice.remote;
    return await makeLibsql({ url, allowInsecure, ...(authToken === undefined ? {} : { authToken }) });
  }
  const path = choice.kind === "file" ? choice.path : ":memory:";
  return await makeLibsql({ url: path === ":memory:" ? path : pathToFileURL(path).href });
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
