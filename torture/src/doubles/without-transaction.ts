import type { Driver } from "@skillmeat/migrate-core";
import { wrapDriver } from "./wrap-driver.ts";

/** Every statement commits by itself. */
export function withoutTransaction(driver: Driver): Driver {
  return wrapDriver(driver, (connection) => ({
    ...connection,
    transaction: async (work) => await work({ query: (statement) => connection.query(statement) }),
  }));
}
