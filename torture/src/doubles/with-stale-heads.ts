import type { Connection, Driver, Executor, QueryResult } from "@skillmeat/migrate-core";
import { beginTransaction, wrapDriver } from "./wrap-driver.ts";

const readsHeads = /^SELECT version_num FROM /u;

/** Under the lock, the version rows are those that were read before the lock was taken. */
export function withStaleHeads(driver: Driver): Driver {
  return wrapDriver(driver, staleConnection);
}

function staleConnection(connection: Connection): Connection {
  let peeked: QueryResult = { columns: ["version_num"], rows: [], changes: 0 };
  const stale = (tx: Executor): Executor => ({
    query: async (statement) => (readsHeads.test(statement.sql) ? peeked : await tx.query(statement)),
  });
  return {
    ...connection,
    query: async (statement) => {
      const result = await connection.query(statement);
      if (readsHeads.test(statement.sql)) peeked = result;
      return result;
    },
    transaction: async (work, options) => {
      return await beginTransaction(connection, options, async (tx) => await work(stale(tx)));
    },
  };
}
