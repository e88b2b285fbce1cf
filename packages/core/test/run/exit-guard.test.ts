import { expect, test } from "vitest";
import { chain } from "../support/revisions.ts";
import { migratorFor, temporaryPath } from "../support/temporary-database.ts";

const listeners = (): number => process.listenerCount("exit") + process.listenerCount("beforeExit");

test("many runs at once add two listeners to the process, and take them back", async () => {
  const before = listeners();
  const seen: number[] = [];
  const runs = Array.from({ length: 20 }, async () => {
    const onEvent = (): unknown => seen.push(listeners() - before);
    return await migratorFor(temporaryPath(), chain(), { onEvent }).upgrade();
  });
  await Promise.all(runs);
  expect(new Set(seen)).toEqual(new Set([0, 2]));
  expect(listeners()).toBe(before);
});
