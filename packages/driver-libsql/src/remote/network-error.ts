import { DriverError, quoteForMessage, type DriverErrorOptions } from "@skillmeat/migrate-core/driver";

/** A request failed, and whether the server may have seen it. */
export interface FailedRequest {
  readonly error: DriverError;
  readonly mayHaveRun: boolean;
}

const untrusted =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;
/** Failures before a connection stands: nothing was sent (man getaddrinfo, connect, and the TLS handshake). */
const unsent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Says what it means that `fetch` itself failed. Only the host stands in the message. */
export function fromFetchError(host: string, error: unknown): FailedRequest {
  const cause = innermost(error);
  const code = codeOf(cause);
  const options: DriverErrorOptions = {
    cause: error,
    target: host,
    ...(code === undefined ? {} : { engineCode: code }),
  };
  if (code !== undefined && untrusted.test(code)) {
    const message = `cannot connect to ${quoteForMessage(host)} with TLS (${code})`;
    const hint = "check the certificate of the server; a server on this machine may need ?tls=0";
    return {
      mayHaveRun: false,
      error: new DriverError("network", message, { ...options, reason: "tls", hint }),
    };
  }
  const mayHaveRun = !isUnsent(cause, code);
  const problem = mayHaveRun ? "the connection to" : "cannot connect to";
  const end = mayHaveRun ? " was lost" : "";
  const detail = code === undefined ? "" : ` (${code})`;
  return {
    mayHaveRun,
    error: new DriverError("network", `${problem} ${quoteForMessage(host)}${end}${detail}`, options),
  };
}

function isUnsent(cause: unknown, code: string | undefined): boolean {
  if (code !== undefined && unsent.has(code)) return true;
  const call: unknown = cause instanceof Error && "syscall" in cause ? cause.syscall : undefined;
  return call === "connect" || call === "getaddrinfo";
}

/** `fetch` wraps what happened; several addresses of one host give several errors. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return innermost(error.cause);
  return error;
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^\w+$/.test(code) ? code : undefined;
}
