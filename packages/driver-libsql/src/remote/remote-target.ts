import { DriverError, quoteForMessage } from "@skillmeat/migrate-core/driver";

/** Where a remote database is and what opens it. */
export interface RemoteTarget {
  /** The address that requests are posted to. It holds no secret. */
  readonly endpoint: string;
  /** Host and port, for messages. */
  readonly host: string;
  readonly authToken: string | undefined;
  readonly namespace: string | undefined;
}

export interface RemoteTargetOptions {
  readonly authToken?: string | undefined;
  readonly namespace?: string | undefined;
  readonly allowInsecure?: boolean | undefined;
}

const schemePattern = /^(libsql|https?|wss?):/i;
const knownParameters: ReadonlySet<string> = new Set(["authToken", "tls"]);

/** Whether a URL leads to a server. */
export function isRemoteUrl(url: string): boolean {
  return schemePattern.test(url);
}

/**
 * Takes the URL of a server apart: `libsql:`, `https:` and `wss:` are encrypted, `http:`, `ws:` and `tls=0` are
 * not and lead to this machine only, unless `allowInsecure`. WebSocket schemes are spoken to over HTTP, which
 * sqld and Turso serve at the same address and which needs one request for a whole unit.
 *
 * No message repeats the URL, because parts of it may be secret.
 *
 * @throws {DriverError} kind `cantopen`, reason `url`; kind `network`, reason `tls`.
 */
export function parseRemoteTarget(input: string, options: RemoteTargetOptions): RemoteTarget {
  const url = parse(input);
  const isPlain = /^(?:http|ws):$/.test(url.protocol) || tlsOf(url) === "0";
  const { host, hostname } = url;
  if (isPlain && options.allowInsecure !== true && !isLoopback(hostname)) throw insecure(host);
  return {
    endpoint: `${isPlain ? "http" : "https"}://${host}${url.pathname.replace(/\/+$/, "")}/v3/pipeline`,
    host,
    authToken: chooseToken(url.searchParams.get("authToken") ?? undefined, options.authToken),
    namespace: options.namespace,
  };
}

function parse(input: string): URL {
  const scheme = schemePattern.exec(input)?.[1]?.toLowerCase() ?? "";
  // The URL parser knows the rules of these schemes (ports, host names) but not those of libsql:.
  const text = input.trim().replace(/^libsql:/i, "https:");
  if (text.includes("#")) throw refuse(scheme, "it has a fragment, which no server would see");
  const url = URL.parse(text);
  if (url === null || !/^[^:]*:\/\/[^/]/.test(text)) {
    throw refuse(scheme, "it names no server, or its port is not between 0 and 65535");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse(scheme, "it has a user name or a password", "pass a token in authToken");
  }
  const unknown = [...url.searchParams.keys()].find((name) => !knownParameters.has(name));
  if (unknown !== undefined) throw refuse(scheme, `its parameter ${quoteForMessage(unknown)} is not known`);
  return url;
}

function tlsOf(url: URL): string {
  const tls = url.searchParams.get("tls") ?? "1";
  if (tls !== "0" && tls !== "1")
    throw refuse(url.protocol.slice(0, -1), "its parameter tls is neither 0 nor 1");
  return tls;
}

function chooseToken(inUrl: string | undefined, given: string | undefined): string | undefined {
  if (inUrl !== undefined && given !== undefined && inUrl !== given) {
    throw new DriverError("cantopen", "two different tokens are given, in the URL and in authToken", {
      reason: "url",
      hint: "remove the token from the URL",
    });
  }
  const token = given ?? inUrl;
  if (token === undefined || token === "") return undefined;
  // A header value; the error of the HTTP library would show the token.
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  throw new DriverError("auth", "the token holds a space or another character that no token has", {
    hint: "copy the token again, without line breaks",
  });
}

/** @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 for localhost and the names below it. */
function isLoopback(hostname: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?localhost)$/i.test(hostname);
}

function insecure(host: string): DriverError {
  return new DriverError(
    "network",
    `refusing to connect to ${quoteForMessage(host)} without TLS: the token and all data could be read on the way`,
    { reason: "tls", target: host, hint: "use libsql:, https: or wss: without tls=0, or set allowInsecure" },
  );
}

function refuse(scheme: string, problem: string, hint?: string): DriverError {
  return new DriverError("cantopen", `cannot use the ${scheme}: URL as a database: ${problem}`, {
    reason: "url",
    hint: hint ?? "write it as libsql://name.example",
  });
}
