import { DriverError, quoteForMessage, type DriverErrorOptions } from "@skillmeat/migrate-core/driver";
import { fromHranaError, HranaError, isRefused, isUnderstood } from "./hrana-error.ts";
import type { FailedRequest } from "./network-error.ts";
import { isRecord } from "./read-answer.ts";

/** An answer that is not a result. */
export interface RefusedAnswer {
  readonly host: string;
  readonly status: number;
  readonly body: string;
}

/** Says what an answer with a status other than 200 means, and whether the request may have been carried out. */
export function fromStatus(answer: RefusedAnswer): FailedRequest {
  const { host, status, body } = answer;
  const said = readMessage(body);
  const cause = new HranaError(said?.message ?? body.slice(0, 500), said?.code ?? `HTTP ${status}`);
  const mayHaveRun = !refusals.has(status) && !(status < 500 && isRefused(cause));
  // What stands between has codes of its own, which say nothing about the database.
  if (isUnderstood(cause)) return { mayHaveRun, error: fromHranaError(cause, { target: host }) };
  const options: DriverErrorOptions = { cause, target: host, engineCode: `HTTP ${status}` };
  return { mayHaveRun, error: describe(answer, said?.message, options) };
}

/**
 * Statuses that say that the request was not carried out (rfc-editor.org/rfc/rfc9110#section-15). Others may
 * come from a proxy that lost the server, or from a server that lost its primary, in the middle of the work.
 */
const refusals: ReadonlySet<number> = new Set([
  301, 302, 307, 308, 401, 403, 404, 405, 411, 413, 414, 415, 429,
]);

function describe(answer: RefusedAnswer, said: string | undefined, options: DriverErrorOptions): DriverError {
  const { status } = answer;
  const host = quoteForMessage(answer.host);
  const detail = said === undefined ? `HTTP ${status}` : `${said}, HTTP ${status}`;
  if (status >= 300 && status < 400) {
    return new DriverError(
      "network",
      `${host} redirects to another address, and the token is not sent there`,
      {
        ...options,
        reason: "redirect",
        hint: "use the address that the server names",
      },
    );
  }
  if (status === 401) return new DriverError("auth", `${host} refuses the credentials (${detail})`, options);
  if (status === 403) return forbidden(host, detail, options);
  if (status === 404 || isMissing(said)) return notFound(host, said, options);
  if (status === 413) {
    return new DriverError("value", `the request is larger than ${host} allows (${detail})`, {
      ...options,
      reason: "too-big",
      hint: "split the revision",
    });
  }
  if (status === 429 || status >= 500) {
    return new DriverError("network", `${host} cannot answer at the moment (${detail})`, options);
  }
  return new DriverError("network", `${host} does not understand the request (${detail})`, {
    ...options,
    reason: "protocol",
    hint: "check that the URL leads to a libSQL server",
  });
}

function forbidden(host: string, detail: string, options: DriverErrorOptions): DriverError {
  if (!/write permission/i.test(detail)) {
    return new DriverError("auth", `${host} does not allow this to the token (${detail})`, options);
  }
  return new DriverError("auth", `the token for ${host} allows reading only (${detail})`, {
    ...options,
    reason: "read-only-token",
    hint: "use a token that may write",
  });
}

function isMissing(said: string | undefined): said is string {
  return said !== undefined && /doesn't exist|not found/i.test(said);
}

function notFound(host: string, said: string | undefined, options: DriverErrorOptions): DriverError {
  if (isMissing(said)) {
    return new DriverError("cantopen", `${host} has no such database (${said})`, {
      ...options,
      reason: "no-such-database",
      hint: "check the host name and the namespace; a new database may need some seconds",
    });
  }
  return new DriverError("network", `${host} does not speak Hrana 3 over HTTP at this address (HTTP 404)`, {
    ...options,
    reason: "protocol",
    hint: "check that the URL leads to a libSQL server, and to its path",
  });
}

interface Said {
  readonly message: string;
  readonly code?: string;
}

/** Servers answer `{"message","code"}` or `{"error"}`; proxies answer pages, of which nothing is repeated. */
function readMessage(body: string): Said | undefined {
  const value = parseJson(body);
  if (!isRecord(value)) return undefined;
  const { message, code, error } = value;
  if (typeof message === "string") return typeof code === "string" ? { message, code } : { message };
  return typeof error === "string" ? { message: error } : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
