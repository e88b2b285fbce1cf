import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../fixtures/die.ts", import.meta.url));

/** Starts a process that is killed in the middle of a transaction that has written to the file already. */
export function killInTransaction(path: string): { readonly pid: number } {
  const { pid, signal, stderr } = spawnSync(process.execPath, ["--conditions=source", script, path], {
    encoding: "utf8",
  });
  if (signal !== "SIGKILL") throw new Error(`the process was not killed: ${stderr}`);
  return { pid };
}
