import { pathToFileURL } from "node:url";
import type { Driver } from "@skillmeat/migrate-core";
import type { SyncFileOptions } from "@skillmeat/migrate-core/driver";
import type { DatabaseChoice } from "./choose-database.ts";
import { connectFile, type OnChosen } from "./file-driver.ts";
import { makeOptionalDriver, type OptionalDriver } from "./optional-driver.ts";

/**
 * Makes the driver for a database. Its package is imported when a connection is made, not before.
 *
 * @param say told which driver it is, once, when the first connection is made.
 */
export function createDriver(choice: DatabaseChoice, say: (line: string) => void = () => undefined): Driver {
  if (choice.kind === "driver") return choice.driver;
  const onChosen = sayOnce(say);
  // One for all connections: what one of them learns of a server, its clock, serves the others.
  let libsql: Promise<Driver> | undefined;
  return {
    name: choice.driver ?? firstChoice,
    connect: async (options = {}) => {
      if (choice.kind !== "remote" && choice.driver !== "libsql") {
        const settings = await fileSettings(choice);
        return await connectFile({ driver: choice.driver, settings, onChosen }, options);
      }
      const connection = await (await (libsql ??= loadLibsql(choice))).connect(options);
      onChosen("libsql", connection);
      return connection;
    },
    ...(choice.kind === "remote"
      ? {}
      : { forFile: (path: string) => createDriver(fileChoice(choice, path), say) }),
  };
}

/** Another file for the same driver, as it is: no write-ahead log is asked for, no lock broken. */
function fileChoice({ driver }: FileChoice, path: string): DatabaseChoice {
  return { kind: "file", driver, path, journalMode: undefined, breakLock: false };
}

/** The name of the first driver that is installed, whichever that is. */
const firstChoice = "sqlite";

/** Makes a driver for databases in memory, to ask SQLite what a schema is. */
export function createScratchDriver(): Driver {
  const request = { driver: undefined, settings: { path: ":memory:" }, onChosen: () => undefined };
  return {
    // That of a file for which no driver was named: it is the same one.
    name: firstChoice,
    connect: async (options = {}) => await connectFile(request, options),
    forFile: (path) =>
      createDriver({ kind: "file", driver: undefined, path, journalMode: undefined, breakLock: false }),
  };
}

type NamedChoice = Exclude<DatabaseChoice, { readonly kind: "driver" }>;
type FileChoice = Exclude<NamedChoice, { readonly kind: "remote" }>;

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

/** A cache that cannot have a write-ahead log is one without. */
async function fileSettings(choice: FileChoice): Promise<SyncFileOptions> {
  const { breakLock } = choice;
  if (choice.kind === "file") {
    const { path, journalMode } = choice;
    return { path, breakLock, ...(journalMode === undefined ? {} : { journalMode }) };
  }
  const { defaultCachePath } = await import("../project/skillmeat-cache.ts");
  const journal = choice.driver === "node-sqlite3-wasm" ? {} : ({ journalMode: "wal" } as const);
  return { path: defaultCachePath(), breakLock, createParent: true, ...journal };
}

async function loadLibsql(choice: NamedChoice): Promise<Driver> {
  if (choice.kind === "remote") {
    const { url, authToken, allowInsecure } = choice.remote;
    return await makeOptionalDriver(libsqlDriver, {
      url,
      allowInsecure,
      ...(authToken === undefined ? {} : { authToken }),
    });
  }
  const path = choice.kind === "file" ? choice.path : ":memory:";
  return await makeOptionalDriver(libsqlDriver, {
    breakLock: choice.breakLock,
    url: path === ":memory:" ? path : pathToFileURL(path).href,
  });
}

const libsqlDriver: OptionalDriver = {
  driver: "libsql",
  packageName: "@skillmeat/migrate-driver-libsql",
  exportName: "libsql",
};
