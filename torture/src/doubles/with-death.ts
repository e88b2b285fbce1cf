import { writeSync } from "node:fs";
import type { Driver, Executor } from "@skillmeat/migrate-core";
import { beginTransaction, wrapDriver } from "./wrap-driver.ts";

/** When and how the process ends inside a transaction. */
export interface Death {
  /** Number of the statement in the transaction, from 1; the one after the last is the COMMIT. */
  readonly statement: number;
  readonly moment: "before" | "after";
  /** `"abort"` is SIGABRT; `"exit"` runs the exit handlers first. */
  readonly how: "abort" | "exit";
}

/** Says how many statements the transaction had, on standard error, when it comes to its end. */
export const countPrefix = "statements: ";

/** Ends the process around one statement of the transaction. No tracing is needed, so this works everywhere. */
export function withDeath(driver: Driver, death: Death): Driver {
  return wrapDriver(driver, (connection) => ({
    ...connection,
    transaction: async (work, options) => {
      const counter = { number: 0 };
      const result = await beginTransaction(connection, options, async (tx) => {
        const answer = await work(dyingExecutor(tx, death, counter));
        writeSync(2, `${countPrefix}${counter.number}\n`);
        if (death.statement > counter.number && death.moment === "before") die(death);
        return answer;
      });
      if (death.statement > counter.number) die(death);
      return result;
    },
  }));
}

function dyingExecutor(tx: Executor, death: Death, counter: { number: number }): Executor {
  return {
    query: async (statement) => {
      counter.number += 1;
      const isHere = counter.number === death.statement;
      if (isHere && death.moment === "before") die(death);
      const result = await tx.query(statement);
      if (isHere) die(death);
      return result;
    },
  };
}

function die({ how }: Death): never {
  if (how === "abort") process.abort();
  process.exit(70);
}
