import { DriverError } from "../driver/driver-error.ts";
import type { UnitOptions } from "../driver/driver.ts";
import type { QueryResult, Statement } from "../driver/statement.ts";
import type { DatabaseSchema } from "../schema/database-schema.ts";
import type { Session } from "./session.ts";
import type { TablesAhead } from "./tables-ahead.ts";

/** What is supposed of a database that was not asked. */
export interface Supposition {
  readonly heads: readonly string[];
  /** It has the table that says who may open it. */
  readonly hasReaders: boolean;
}

/**
 * Leaves a run that began before anything was known of its database: nothing was done, and the run has to begin
 * again with the heads that the database has.
 */
export class SuppositionFailed extends Error {
  /** The heads, where they are known by now. */
  readonly heads: readonly string[] | undefined;

  constructor(heads?: readonly string[]) {
    super("the database is not where it was supposed to be");
    this.heads = heads;
  }
}

/**
 * Sends the unit of a step as the first request to a database, which applies it only where the database has the
 * heads before the step.
 *
 * @throws {SuppositionFailed} it has others, or the request was refused as a whole. Once the caller was told that
 * the unit has to wait, which it does only where the heads are right, the heads are the answer.
 * @throws {DriverError} what became of the unit itself, with `step` or an unknown outcome.
 */
export async function sendSupposed(
  session: Session,
  { heads, steps }: { readonly heads: readonly string[]; readonly steps: readonly Statement[] },
  options: UnitOptions,
): Promise<readonly QueryResult[]> {
  try {
    const sent = await session.sendSupposed(heads, steps, options);
    if (sent.kind === "done") return sent.results;
    throw new SuppositionFailed(sent.heads);
  } catch (error) {
    // A refusal of the request as a whole is explained as one by whoever asks for the heads alone.
    if (error instanceof DriverError && isRefusedWhole(error)) throw new SuppositionFailed();
    throw error;
  }
}

function isRefusedWhole({ step, kind, outcome }: DriverError): boolean {
  return step === undefined && kind !== "busy" && outcome !== "unknown";
}

/** Stands for the tables where looking at them would be a request of its own. */
export const unseenTables: TablesAhead = {
  read: async (): Promise<DatabaseSchema> => await Promise.reject(new SuppositionFailed()),
  countViolations: async (): Promise<number> => await Promise.reject(new SuppositionFailed()),
  guards: () => [],
};
