import type { HranaRequest } from "./hrana-request.ts";
import type { RequestAnswer } from "./read-answer.ts";

/**
 * The server's clock, as far as its answers have told it; one for all connections of a driver. Only that clock
 * decides anything: the one of this machine may be wrong, and only measures how long ago an answer was.
 */
export interface ServerClock {
  /** Takes the answer to {@link clockQuestion} in a request that was sent at `sentAt` of `performance.now()`. */
  learn(answer: RequestAnswer | undefined, sentAt: number): void;
  /**
   * Seconds since 1970 that the server's clock shows at the latest when this machine has waited for
   * `milliseconds` from now on. Until the server has told its time, the one that another told this process stands
   * for it; `undefined` where none has.
   */
  latestAfter(milliseconds: number): number | undefined;
}

/** Seconds since 1970; NULL where SQLite is older than 3.42 (sqlite.org/lang_datefunc.html). */
export const serverNow = "unixepoch('now', 'subsec')";

export const clockQuestion: HranaRequest = {
  type: "execute",
  stmt: { sql: `SELECT ${serverNow}`, want_rows: true },
};

interface Told {
  readonly seconds: number;
  readonly sentAt: number;
}

/**
 * What any server told last. Servers agree about the time; where one does not, a unit is refused as late, which
 * tells its time, or a lost answer is waited for longer: neither makes anything untrue.
 */
let newest: Told | undefined;

export function createServerClock(): ServerClock {
  let told: Told | undefined;
  return {
    learn: (answer, sentAt) => {
      const seconds = answer?.kind === "executed" ? answer.result.rows[0]?.[0] : undefined;
      if (typeof seconds === "number") newest = told = { seconds, sentAt };
    },
    // The time was read after its question was sent, so counting from there comes out late rather than early.
    latestAfter: (milliseconds) => {
      const known = told ?? newest;
      if (known === undefined) return undefined;
      return known.seconds + (performance.now() - known.sentAt + milliseconds) / 1000;
    },
  };
}
