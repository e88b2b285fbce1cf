import type { Connection, Driver, Executor, UnitOptions } from "@skillmeat/migrate-core";

/** The same driver with other connections. */
export function wrapDriver(driver: Driver, wrap: (connection: Connection) => Connection): Driver {
  return {
    name: driver.name,
    connect: async (options) => wrap(await driver.connect(options)),
  };
}

/** The real transaction of a connection. */
export async function beginTransaction<T>(
  connection: Connection,
  options: UnitOptions | undefined,
  work: (tx: Executor) => Promise<T>,
): Promise<T> {
  if (connection.transaction === undefined) throw new Error("the driver has no interactive transactions");
  return await connection.transaction(work, options);
}
