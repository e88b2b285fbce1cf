import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { findSqld, untilAnswers } from "./sqld-binary.ts";

export interface SqldOptions {
  /** A public key: requests need a token that was signed with its private key. */
  readonly publicKey?: string;
  /** One database that needs no name; else one a namespace. */
  readonly single?: boolean;
  /** The primary that this server is a replica of. */
  readonly primary?: SqldServer;
}

/** A libSQL server of our own on this machine. */
export interface SqldServer {
  readonly host: string;
  /** Where replicas copy from. */
  readonly grpcUrl: string;
  /** Makes a database with an unused name and returns the name. */
  createNamespace(): Promise<string>;
  /** Copies the file of a database, as it is while nobody writes, to where SQLite can open it. */
  copyFile(namespace: string, path: string): void;
  /** Changes the settings of a database, such as `block_writes`. */
  configure(namespace: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Kills the process at once. */
  kill(): Promise<void>;
  /** Starts it again, with the same address and data. */
  start(): Promise<void>;
  /** Stops all its work until `resume`, without closing connections. */
  pause(): void;
  resume(): void;
  /** Kills it and removes its data. */
  dispose(): Promise<void>;
}

const binary = await findSqld().catch((error: unknown) => {
  if (process.env["CI"] !== undefined) throw error;
  return undefined;
});

/** Whether there is a build of the server for this machine. */
export const hasSqld: boolean = binary !== undefined;

/** Starts a server; it ends by itself when nobody uses it, should the test process die. */
export async function startSqld(options: SqldOptions = {}): Promise<SqldServer> {
  const directory = mkdtempSync(join(tmpdir(), "skm-sqld-"));
  const [http, admin, grpc] = [await freePort(), await freePort(), await freePort()];
  const host = `127.0.0.1:${http}`;
  const adminUrl = `http://127.0.0.1:${admin}`;
  const grpcUrl = `http://127.0.0.1:${grpc}`;
  const args = argumentsOf(options, {
    directory,
    host,
    admin: `127.0.0.1:${admin}`,
    grpc: `127.0.0.1:${grpc}`,
  });
  let child = await launch(args, adminUrl);
  let names = 0;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    host,
    grpcUrl,
    kill,
    start: async () => {
      child = await launch(args, adminUrl);
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    createNamespace: async () => {
      const name = `db${(names += 1)}`;
      await post(`${adminUrl}/v1/namespaces/${name}/create`, {});
      return name;
    },
    copyFile: (namespace, path) => {
      const file = join(directory, "data", "dbs", namespace, "data");
      copyFileSync(file, path);
      copyFileSync(`${file}-wal`, `${path}-wal`);
    },
    configure: async (namespace, settings) => {
      const url = `${adminUrl}/v1/namespaces/${namespace}/config`;
      const current = (await (await fetch(url)).json()) as object;
      await post(url, { ...current, ...settings });
    },
    dispose: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Addresses {
  readonly directory: string;
  readonly host: string;
  readonly admin: string;
  readonly grpc: string;
}

function argumentsOf(options: SqldOptions, addresses: Addresses): readonly string[] {
  const { directory, host, admin, grpc } = addresses;
  const keyFile = join(directory, "key.pem");
  if (options.publicKey !== undefined) writeFileSync(keyFile, options.publicKey);
  const role =
    options.primary === undefined
      ? ["--grpc-listen-addr", grpc, "--admin-listen-addr", admin]
      : ["--primary-grpc-url", options.primary.grpcUrl, "--admin-listen-addr", admin];
  return [
    "--db-path",
    join(directory, "data"),
    "--http-listen-addr",
    host,
    ...role,
    ...(options.single === true ? [] : ["--enable-namespaces"]),
    "--no-welcome",
    "--idle-shutdown-timeout-s",
    "180",
    ...(options.publicKey === undefined ? [] : ["--auth-jwt-key-file", keyFile]),
  ];
}

async function launch(args: readonly string[], adminUrl: string): Promise<ChildProcess> {
  if (binary === undefined) throw new Error("there is no build of the libSQL server for this machine");
  const child = spawn(binary, args, { stdio: ["ignore", "ignore", "pipe"], env: { RUST_LOG: "error" } });
  const said: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  process.once("exit", () => child.kill("SIGKILL"));
  await untilAnswers(`${adminUrl}/health`, () => child.exitCode === null).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`sqld did not start: ${said.join("").slice(-2000)}`, { cause: error });
  });
  return child;
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
}
