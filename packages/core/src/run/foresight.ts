import type { Capabilities } from "../driver/capabilities.ts";
import type { Connection, Driver } from "../driver/driver.ts";
import { DriverError } from "../driver/driver-error.ts";
import type { Statement } from "../driver/statement.ts";
import { readSchema } from "../inspect/read-schema.ts";
import { changesSchema, definesSchema } from "../ops/changes-schema.ts";
import type { Operation } from "../ops/operation.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import { definitionTexts } from "../schema/definition-texts.ts";

/** What the tables will be after operations that have not run yet. */
export interface Foresight {
  /** Whether an operation that was passed changes the schema. */
  isNeeded(): boolean;
  /** Notes an operation with its statements; without them, what comes after it cannot be foretold. */
  pass(operation: Operation, statements: readonly Statement[] | undefined): void;
  /** Notes that something unknown happens: from here on nothing is foretold. */
  lose(): void;
  /** The schema after everything passed; `undefined` where it cannot be foretold. */
  read(): Promise<DatabaseSchema | undefined>;
  /** What the database in memory can do, once it was asked. */
  capabilities(): Capabilities | undefined;
  close(): Promise<void>;
}

export interface ForesightOptions {
  /** Makes an empty database in memory; without it nothing is foretold. */
  readonly scratch: Driver | undefined;
  /** The tables as they are now. */
  readonly readNow: () => Promise<DatabaseSchema>;
}

/**
 * Lets SQLite say what statements will make of the tables: they run in a database in memory that has the same
 * definitions and no rows. It is opened when it is first asked. What SQLite refuses there, such as a module that
 * it does not have, ends the foresight; whoever asked then says what cannot be done.
 */
export function createForesight({ scratch, readNow }: ForesightOptions): Foresight {
  let passed: Statement[] = [];
  let isChanged = false;
  let isBlind = scratch === undefined;
  let copy: Connection | undefined;
  const read = async (): Promise<DatabaseSchema | undefined> => {
    const now = await readNow();
    if (!isChanged) return now;
    if (isBlind || scratch === undefined) return undefined;
    copy ??= await openCopy(scratch, now);
    for (const { sql, params } of passed) {
      await copy.unit([{ sql, ...(params === undefined ? {} : { params }) }], { foreignKeys: "suspended" });
    }
    passed = [];
    return withOwnTables(await readSchema(copy), now);
  };
  return {
    isNeeded: () => isChanged,
    pass: (operation, statements) => {
      if (!changesSchema(operation)) return;
      isChanged = true;
      if (statements === undefined) isBlind = true;
      else passed.push(...statements.filter(({ sql }) => definesSchema(sql)));
    },
    lose: () => {
      isChanged = true;
      isBlind = true;
    },
    read: async () => {
      try {
        return await read();
      } catch (error) {
        if (!isChanged || !(error instanceof DriverError) || !isRefused(error)) throw error;
        isBlind = true;
        return undefined;
      }
    },
    capabilities: () => copy?.capabilities,
    close: async () => {
      await copy?.close();
    },
  };
}

/** What the engine itself says no to; a connection that is lost is another thing. */
const isRefused = ({ kind }: DriverError): boolean =>
  kind === "sql" || kind === "constraint" || kind === "unsupported";

async function openCopy(scratch: Driver, schema: DatabaseSchema): Promise<Connection> {
  const connection = await scratch.connect();
  const texts = definitionTexts(schema).map((sql) => ({ sql }));
  try {
    if (texts.length > 0) await connection.unit(texts, { foreignKeys: "suspended" });
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The tables of SQLite itself, such as those of ANALYZE, cannot be made by their text. */
function withOwnTables(schema: DatabaseSchema, now: DatabaseSchema): DatabaseSchema {
  const own = now.names.filter((name) => /^sqlite_(?:sequence|stat\d)$/u.test(name));
  return { ...schema, names: [...new Set([...schema.names, ...own])] };
}
