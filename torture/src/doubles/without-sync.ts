import type { Driver } from "@skillmeat/migrate-core";

/** Nothing is synced: SQLite leaves it to the operating system when what it wrote reaches the disk. */
export function withoutSync(driver: Driver): Driver {
  return {
    name: driver.name,
    connect: async (options) => {
      const connection = await driver.connect(options);
      await connection.query({ sql: "PRAGMA synchronous = OFF" });
      return connection;
    },
  };
}
