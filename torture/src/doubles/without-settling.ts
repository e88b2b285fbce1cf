import type { Driver, QueryResult } from "@skillmeat/migrate-core";
import { wrapDriver } from "./wrap-driver.ts";

const nothing: QueryResult = { columns: [], rows: [], changes: 0 };

/** The write that settles a failed COMMIT is not done; the version rows are only read. */
export function withoutSettling(driver: Driver): Driver {
  return wrapDriver(driver, (connection) => ({
    ...connection,
    unit: async (steps) => {
      const results: QueryResult[] = [];
      for (const step of steps)
        results.push(step.sql.startsWith("SELECT") ? await connection.query(step) : nothing);
      return results;
    },
  }));
}
