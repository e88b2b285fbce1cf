import { setTimeout as sleep } from "node:timers/promises";
import {
  amendDriverError,
  DriverError,
  quoteForMessage,
  throwIfAborted,
} from "@skillmeat/migrate-core/driver";
import type { HranaRequest } from "./hrana-request.ts";
import { fromFetchError, type FailedRequest } from "./network-error.ts";
import { readAnswer, type PipelineAnswer } from "./read-answer.ts";
import { largestAnswer, readBody } from "./read-body.ts";
import type { Server } from "./server.ts";
import { fromStatus } from "./status-error.ts";

export interface ExchangeOptions {
  /** The stream to go on with; a new one unless told. */
  readonly baton?: string | null;
  /**
   * What a lost answer leaves behind: `read` nothing · `write` perhaps a change, so the outcome is unknown ·
   * `open` statements of a transaction whose COMMIT was never sent, so it is rolled back.
   */
  readonly effect: "read" | "write" | "open";
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds before each further try where the server said that it did nothing yet. */
const pauses: readonly number[] = [50, 150, 400, 1000];

/**
 * Posts one pipeline request and reads its answer. It is sent once; only where the server itself says that it
 * does not know the database (as it does for a moment after creating one) or has no time, it is sent again.
 *
 * @throws {DriverError} kinds `network`, `timeout`, `auth`, `cantopen`, with the outcome by `effect`.
 */
export async function exchange(
  server: Server,
  requests: readonly HranaRequest[],
  options: ExchangeOptions,
): Promise<PipelineAnswer> {
  const body = JSON.stringify({ baton: options.baton ?? null, requests });
  for (let tries = 0; ; tries += 1) {
    throwIfAborted(options.signal);
    const outcome = await post(server, body, { ...options, requests });
    if (!("error" in outcome)) return outcome;
    const pauseMs = isPassing(outcome.error) ? pauses[tries] : undefined;
    if (pauseMs === undefined) throw withOutcome(outcome, options.effect);
    await sleep(pauseMs);
  }
}

function isPassing(error: DriverError): boolean {
  return error.reason === "no-such-database" || error.engineCode === "HTTP 429";
}

function withOutcome({ error, mayHaveRun }: FailedRequest, effect: ExchangeOptions["effect"]): DriverError {
  if (effect === "read") return error;
  return amendDriverError(error, { outcome: effect === "write" && mayHaveRun ? "unknown" : "rolled-back" });
}

interface PostOptions extends ExchangeOptions {
  /** What is in the body. */
  readonly requests: readonly HranaRequest[];
}

async function post(
  server: Server,
  body: string,
  options: PostOptions,
): Promise<PipelineAnswer | FailedRequest> {
  const { target } = server;
  const limit = limitTime(server.timeoutMs, options.signal);
  let received: Received;
  try {
    const receiving = receive(server, { body, effect: options.effect }, limit.signal);
    received = await untilAborted(receiving, limit.signal);
  } catch (error) {
    if (options.signal?.aborted === true) return cancelled(server, options.signal);
    if (limit.isOver()) return timedOut(server, error);
    return fromFetchError(target.host, error);
  } finally {
    limit.end();
  }
  return understand(server, received, options.requests);
}

/** Ends the wait also where a `fetch` of the caller ignores the signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

interface TimeLimit {
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  readonly end: () => void;
}

/** A signal that fires after a time or with another one. Unlike `AbortSignal.any`, it leaves no timer behind. */
function limitTime(milliseconds: number, other: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort(new DOMException("the time is over", "TimeoutError"));
  }, milliseconds);
  const follow = (): void => {
    controller.abort(other?.reason);
  };
  if (other?.aborted === true) follow();
  else other?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    end: () => {
      clearTimeout(timer);
      other?.removeEventListener("abort", follow);
    },
  };
}

interface Received {
  readonly status: number;
  /** `undefined` when it is too large. */
  readonly text: string | undefined;
}

interface Posted extends Pick<ExchangeOptions, "effect"> {
  readonly body: string;
}

async function receive(server: Server, { body, effect }: Posted, signal: AbortSignal): Promise<Received> {
  const response = await server.fetch(server.target.endpoint, {
    method: "POST",
    headers: { ...headersOf(server), "accept-encoding": encodingFor(effect) },
    body,
    redirect: "manual",
    signal,
  });
  return { status: response.status, text: await readBody(response) };
}

function headersOf({ target }: Server): Record<string, string> {
  return {
    "content-type": "application/json",
    ...(target.authToken === undefined ? {} : { authorization: `Bearer ${target.authToken}` }),
    ...(target.namespace === undefined ? {} : { "x-namespace-bin": encodeNamespace(target.namespace) }),
  };
}

/**
 * What changes something has a short answer, which costs more to compress than to send. Of the encodings that `fetch`
 * asks for by itself, Brotli takes sqld 0.24 far longer than the rest of a request: 28 ms for 400 bytes, measured.
 */
function encodingFor(effect: ExchangeOptions["effect"]): string {
  return effect === "write" ? "identity" : "gzip";
}

/** sqld reads the name from this header, as its replicas send it, before it looks at the host name. */
function encodeNamespace(name: string): string {
  return Buffer.from(name).toString("base64").replace(/=+$/, "");
}

function understand(
  { target }: Server,
  received: Received,
  requests: readonly HranaRequest[],
): PipelineAnswer | FailedRequest {
  const { status, text } = received;
  if (text === undefined) {
    return malformed(
      target.host,
      `is larger than ${largestAnswer / (1024 * 1024)} MiB`,
      "read fewer rows at a time",
    );
  }
  if (status !== 200)
    return fromStatus({ host: target.host, status, body: withoutSecret(text, target.authToken) });
  const answer = readAnswer(text, requests);
  return answer ?? malformed(target.host, "is not what the protocol Hrana 3 says");
}

function malformed(
  host: string,
  problem: string,
  hint = "check that the URL leads to a libSQL server",
): FailedRequest {
  return {
    mayHaveRun: true,
    error: new DriverError("network", `the answer of ${quoteForMessage(host)} ${problem}`, {
      reason: "protocol",
      target: host,
      hint,
    }),
  };
}

/** A proxy may repeat the headers of the request in its answer. */
function withoutSecret(text: string, secret: string | undefined): string {
  return secret === undefined ? text : text.replaceAll(secret, "…");
}

function timedOut({ target, timeoutMs }: Server, cause: unknown): FailedRequest {
  const host = quoteForMessage(target.host);
  return {
    mayHaveRun: true,
    error: new DriverError("timeout", `${host} did not answer within ${timeoutMs} ms`, {
      cause,
      target: target.host,
      hint: "try again, or allow more time with timeoutMs",
    }),
  };
}

function cancelled({ target }: Server, signal: AbortSignal): FailedRequest {
  return {
    mayHaveRun: true,
    error: new DriverError("timeout", "the operation was cancelled", {
      reason: "aborted",
      cause: signal.reason,
      target: target.host,
    }),
  };
}
