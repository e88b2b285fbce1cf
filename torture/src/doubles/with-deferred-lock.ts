import type { Driver, Executor } from "@skillmeat/migrate-core";
import { openOrCreate, runStatement, type Database } from "../engine.ts";
import { wrapDriver } from "./wrap-driver.ts";

/** BEGIN without IMMEDIATE: the write lock is taken by the first statement that writes, after the reading. */
export function withDeferredLock(driver: Driver, path: string): Driver {
  return wrapDriver(driver, (connection) => ({
    ...connection,
    transaction: async (work) => {
      const database = openOrCreate(path);
      try {
        database.exec("BEGIN");
        const result = await work(executorOf(database));
        database.exec("COMMIT");
        return result;
      } finally {
        database.close();
      }
    },
  }));
}

function executorOf(database: Database): Executor {
  return {
    query: async ({ sql, params = [] }) => ({ columns: [], ...runStatement(database, sql, params) }),
  };
}
