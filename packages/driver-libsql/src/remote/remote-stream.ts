import { DriverError } from "@skillmeat/migrate-core/driver";
import { exchange, type ExchangeOptions } from "./exchange.ts";
import type { HranaRequest } from "./hrana-request.ts";
import type { RequestAnswer } from "./read-answer.ts";
import type { Server } from "./server.ts";

/**
 * A connection of the server that stays open between requests. Each answer names it anew, so requests are sent
 * one after the other however they are called.
 */
export interface RemoteStream {
  /** Sends requests; a lost answer ends the stream, because its next name is lost with it. */
  send(requests: readonly HranaRequest[], options: ExchangeOptions): Promise<readonly RequestAnswer[]>;
  /** Sends the last requests and ends the stream. Does nothing where it has ended. */
  end(requests: readonly HranaRequest[], options: ExchangeOptions): Promise<readonly RequestAnswer[]>;
}

export function openStream(server: Server): RemoteStream {
  let baton: string | null = null;
  let baseUrl: string | null = null;
  let ended = false;
  let last: Promise<unknown> = Promise.resolve();

  const sendNow = async (requests: readonly HranaRequest[], options: ExchangeOptions) => {
    if (ended) throw new DriverError("closed", "the transaction has ended", { outcome: "rolled-back" });
    try {
      // Asked when there is something to send: what was answered before is done.
      assertSameServer(server, baseUrl);
      const answer = await exchange(server, requests, { ...options, baton });
      ({ baton, baseUrl } = answer);
      ended = baton === null;
      return answer.answers;
    } catch (error) {
      ended = true;
      throw error;
    }
  };
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    // The error goes to the caller of this turn; the next one only waits for it.
    last = turn.then(
      () => undefined,
      () => undefined,
    );
    return await turn;
  };
  return {
    send: async (requests, options) => await inTurn(async () => await sendNow(requests, options)),
    end: async (requests, options) =>
      await inTurn(async () => {
        if (ended) return [];
        return await sendNow([...requests, { type: "close" }], options);
      }),
  };
}

/** The token is for the server that it was given for, wherever the answer asks to continue. */
function assertSameServer({ target }: Server, baseUrl: string | null): void {
  if (baseUrl === null) return;
  if (URL.parse(baseUrl)?.origin === new URL(target.endpoint).origin) return;
  throw new DriverError(
    "network",
    "the server asks to continue at another address, and the token is not sent there",
    {
      reason: "redirect",
      target: target.host,
      outcome: "rolled-back",
      hint: "use the address of the primary",
    },
  );
}
