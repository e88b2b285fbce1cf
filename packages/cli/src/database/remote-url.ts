import { MigrationError, quoteForMessage } from "@skillmeat/migrate-core";

/** A remote database. No secret is left in the URL. */
export interface RemoteDatabase {
  readonly url: string;
  readonly authToken: string | undefined;
  /** The server, for messages. */
  readonly host: string;
  /** Whether the configuration allows another machine without TLS. */
  readonly allowInsecure: boolean;
}

const remoteScheme = /^(libsql|https?|wss?):/iu;

/** Whether a database is reached through the network, by the scheme of its URL. */
export function isRemoteUrl(url: string): boolean {
  return remoteScheme.test(url);
}

/**
 * Takes a remote URL apart. The token is removed from it, so that no library can put it into a message.
 *
 * @throws {MigrationError} SKM_URL; SKM_REMOTE_TLS for an unencrypted connection to another machine. Neither
 * repeats the URL, parts of which may be secret.
 */
export function parseRemoteUrl(input: string, options: { readonly allowInsecure: boolean }): RemoteDatabase {
  const url = parse(input);
  const authToken = url.searchParams.get("authToken") ?? undefined;
  const tls = url.searchParams.get("tls");
  assertParts(url, input);
  const host = url.host;
  const isPlain = /^(?:http|ws):$/u.test(url.protocol) || tls === "0";
  if (isPlain && !isLoopback(url.hostname) && !options.allowInsecure) {
    throw new MigrationError(
      "SKM_REMOTE_TLS",
      `refusing a connection without TLS to ${quoteForMessage(host)}: the token and all data could be read on the way`,
      {
        details: { host, scheme: url.protocol.slice(0, -1) },
        hint: "use https:, wss: or libsql: without tls=0, or set allowInsecure in the configuration",
      },
    );
  }
  url.searchParams.delete("authToken");
  const { allowInsecure } = options;
  return { url: url.href, authToken: authToken === "" ? undefined : authToken, host, allowInsecure };
}

/**
 * Whether two URLs lead to one database: servers answer the same by `libsql:`, `https:` and `wss:`, and at their
 * default port with or without its number.
 */
export function isSameRemote(left: string, right: string): boolean {
  const [one, other] = [left, right].map(addressOf);
  return one !== undefined && one === other;
}

function addressOf(text: string): string | undefined {
  const rest = text.trim().replace(remoteScheme, "");
  const isPlain = /^(?:http|ws):/iu.test(text.trim()) || /[?&]tls=0(?:&|$)/u.test(rest);
  // These two schemes have rules for names and ports, which the URL parser knows.
  const url = URL.parse(`${isPlain ? "http" : "https"}:${rest}`);
  return url === null ? undefined : `${url.origin}${url.pathname.replace(/\/+$/u, "")}`;
}

function parse(input: string): URL {
  if (input.includes("#")) {
    throw refuse(
      input,
      "it has a fragment (#…), which would be lost",
      "write ?authToken=… or set TURSO_AUTH_TOKEN",
    );
  }
  const port = /^[^:]*:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/u.exec(input)?.[1];
  if (port !== undefined && (Number(port) > 65_535 || Number(port) === 0)) {
    throw refuse(input, `its port ${quoteForMessage(port)} is not between 1 and 65535`, "correct the port");
  }
  const url = URL.parse(input.trim());
  if (url === null || url.hostname === "") {
    throw refuse(input, "it names no server", "write it as libsql://name.example");
  }
  return url;
}

function assertParts(url: URL, input: string): void {
  if (url.username !== "" || url.password !== "") {
    throw refuse(input, "it has a user name or password", "use a token: set TURSO_AUTH_TOKEN");
  }
  const unknown = [...url.searchParams.keys()].find((key) => key !== "authToken" && key !== "tls");
  if (unknown !== undefined) {
    throw refuse(input, `its parameter ${quoteForMessage(unknown)} is not known`, "leave it out");
  }
  const tls = url.searchParams.get("tls");
  if (tls !== null && tls !== "0" && tls !== "1") {
    throw refuse(input, "its parameter tls is neither 0 nor 1", "leave it out for TLS");
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 for localhost and names below it. */
function isLoopback(hostname: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?localhost)$/iu.test(hostname);
}

function refuse(input: string, problem: string, hint: string): MigrationError {
  const scheme = (remoteScheme.exec(input)?.[1] ?? "").toLowerCase();
  return new MigrationError("SKM_URL", `cannot use the ${scheme}: URL as a database: ${problem}`, {
    details: { scheme, problem },
    hint,
  });
}
