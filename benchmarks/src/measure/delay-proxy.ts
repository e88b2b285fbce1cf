import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface DelayProxy {
  readonly host: string;
  close(): Promise<void>;
}

/**
 * Makes a server on this machine look as if it were far away: everything arrives later, in both directions.
 *
 * @param delayMs a round trip, half of it each way.
 */
export async function startDelayProxy(target: string, delayMs: number): Promise<DelayProxy> {
  const [hostname = "", port = ""] = target.split(":");
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => setTimeout(() => to.write(chunk), delayMs / 2));
      from.on("close", () => setTimeout(() => to.destroy(), delayMs / 2));
      from.on("error", () => to.destroy());
      from.setNoDelay(true);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
