import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ChildReport, ChildTask } from "./child.ts";

const execute = promisify(execFile);
const script = join(import.meta.dirname, "child.ts");
const node = [process.execPath, "--conditions=source", "--disable-warning=ExperimentalWarning"] as const;

/** Runs a task in a process of its own, behind a command that changes its world. */
export async function runChild(task: ChildTask, before: readonly string[] = []): Promise<ChildReport> {
  const [command, ...args] = [...before, ...node, script, JSON.stringify(task)];
  if (command === undefined) throw new Error("no command");
  const { stdout } = await execute(command, args, { timeout: 60_000 });
  return JSON.parse(stdout) as ChildReport;
}

/** Starts a task that keeps running, and waits until it says that it is ready. */
export async function startChild(task: ChildTask): Promise<ChildProcess> {
  const child = spawn(node[0], [...node.slice(1), script, JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

const isRoot = process.getuid?.() === 0;

/** A user who is not root, since root may read and write everything. */
export const asNobody: readonly string[] = isRoot
  ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
  : [];

/** A shell in a mount namespace of its own, where `$1` is the directory; then the task. */
export function withMounts(shell: string, directory: string): readonly string[] {
  return ["unshare", isRoot ? "-m" : "-Urm", "sh", "-euc", `${shell}; shift; exec "$@"`, "sh", directory];
}
