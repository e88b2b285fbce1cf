import { setTimeout as wait } from "node:timers/promises";
import { waitForLine } from "./wait-for-line.ts";

/** Repeats a task, a millisecond apart, until a line comes on standard input. */
export async function repeatUntilTold(task: () => void): Promise<void> {
  const told = { stop: false };
  const line = waitForLine().then(() => {
    told.stop = true;
  });
  while (!told.stop) {
    task();
    await wait(1);
  }
  await line;
}
