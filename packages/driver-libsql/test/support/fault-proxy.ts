import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What happens to the first request that is meant; all others pass. */
export type Fault =
  /** The connection is cut before the server sees anything. */
  | "cut-before"
  /** The server gets half of the request, then the connection is cut. */
  | "half-request"
  /** The server gets the whole request and the connection is cut at once. */
  | "cut-during"
  /** The connection is cut, and the server gets the whole request `lateMs` later. */
  | "late"
  /** The server has answered, and nothing of the answer arrives. */
  | "answer-lost"
  /** The server has answered, and half of the answer arrives. */
  | "half-answer"
  /** The server gets nothing, and the connection stays silent. */
  | "silent-before"
  /** The server has answered, and the connection stays silent. */
  | "silent-after"
  /** What stands between says that the server is not there, after the server has answered. */
  | "bad-gateway";

export interface FaultProxyOptions {
  /** Host and port of the server. */
  readonly server: string;
  readonly fault?: Fault;
  /** Matches the body of the request that the fault strikes. */
  readonly strikes?: RegExp;
  /** Milliseconds that every request takes longer. */
  readonly delayMs?: number;
  /** For the fault `late`. */
  readonly lateMs?: number;
  /** Called at the fault, when the server has or has not done its part. */
  readonly atFault?: () => Promise<void>;
}

export interface FaultProxy {
  readonly host: string;
  /** Whether the fault has happened. */
  readonly struck: boolean;
  close(): Promise<void>;
}

/** Stands between a client and a server on this machine and disturbs one request, at a point that is exact. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  let struck = false;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    if (options.delayMs !== undefined) await sleep(options.delayMs);
    const { fault, strikes = /^/ } = options;
    if (fault === undefined || struck || !strikes.test(body)) {
      await pass(options, request, response, body);
      return;
    }
    struck = true;
    await strike({ ...options, fault }, request, response, body);
  };
  const server = createServer((request, response) => {
    // The client is told by the broken connection; the test sees it there.
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get struck() {
      return struck;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

// oxlint-disable-next-line max-params -- both sides of a connection and what to do
async function strike(
  options: FaultProxyOptions & { readonly fault: Fault },
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const { fault, atFault } = options;
  if (fault === "late") {
    request.socket.destroy();
    await sleep(options.lateMs ?? 0);
    await ask(options, request, body);
    await atFault?.();
    return;
  }
  if (fault === "half-request" || fault === "cut-during") {
    await send(options, request, fault === "half-request" ? body.length / 2 : body.length, body);
    await atFault?.();
    request.socket.destroy();
    return;
  }
  const answer =
    fault === "cut-before" || fault === "silent-before"
      ? ""
      : await (await ask(options, request, body)).text();
  await atFault?.();
  switch (fault) {
    case "cut-before":
    case "answer-lost":
      request.socket.destroy();
      return;
    case "half-answer":
      response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
      response.write(answer.slice(0, answer.length / 2), () => request.socket.destroy());
      return;
    case "bad-gateway":
      response.writeHead(502).end("<html>bad gateway</html>");
      return;
    case "silent-before":
    case "silent-after":
      return;
  }
}

// oxlint-disable-next-line max-params -- as above
async function pass(
  options: FaultProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const answer = await ask(options, request, body);
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
}

async function ask({ server }: FaultProxyOptions, request: IncomingMessage, body: string): Promise<Response> {
  return await fetch(`http://${server}${request.url}`, { method: "POST", body, headers: headersOf(request) });
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const kept = ["content-type", "authorization", "x-namespace-bin"].map((name) => [
    name,
    request.headers[name],
  ]);
  return Object.fromEntries(kept.filter(([, value]) => typeof value === "string"));
}

/** Writes the first characters of a request by hand and leaves the connection to be cut. */
// oxlint-disable-next-line max-params -- as above
async function send(
  { server }: FaultProxyOptions,
  request: IncomingMessage,
  characters: number,
  body: string,
): Promise<void> {
  const [host = "", port = ""] = server.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  const headers = Object.entries({
    ...headersOf(request),
    host: server,
    "content-length": String(body.length),
  });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.write(`POST ${request.url} HTTP/1.1\r\n${head}\r\n${body.slice(0, characters)}`, () => resolve());
  });
  socket.destroy();
}

async function readAll(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += String(part);
  return body;
}
