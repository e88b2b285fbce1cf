import type { Driver } from "@skillmeat/migrate-core";
import { wrapDriver } from "./wrap-driver.ts";

/** The write that settles a failed COMMIT is not done; the version rows are only read. */
export function withoutSettling(driver: Driver): Driver {
  return wrapDriver(driver, (connection) => ({
    ...connection,
    unit: async (steps) => steps.map(() => ({ columns: [], rows: [], changes: 0 })),
  }));
}
