import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DriverError, retryWhileBusy, type LockWait } from "@skillmeat/migrate-core/driver";

const locked = (): never => {
  throw new DriverError("busy", "database is locked", { engineCode: "SQLITE_BUSY", target: "/x.db" });
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Runs until it settles, and tells when each try happened. */
async function follow(attempt: () => unknown, wait: LockWait) {
  const tries: number[] = [];
  const start = performance.now();
  const running = retryWhileBusy(() => {
    tries.push(Math.round(performance.now() - start));
    return attempt();
  }, wait).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  await vi.runAllTimersAsync();
  return { ...(await running), tries };
}

test("pauses double from 5 to 200 ms and the last try is at the limit", async () => {
  const { tries, error } = await follow(locked, { waitMs: 1000 });
  expect(tries).toEqual([0, 5, 15, 35, 75, 155, 315, 515, 715, 915, 1000]);
  expect(error).toMatchObject({ kind: "busy", target: "/x.db", engineCode: "SQLITE_BUSY" });
  expect((error as Error).message).toBe(
    'the database "/x.db" is locked by another connection; waited 1000 ms',
  );
});

test("it returns as soon as a try succeeds", async () => {
  let left = 3;
  const { value, tries } = await follow(() => (left-- > 0 ? locked() : "done"), { waitMs: 1000 });
  expect({ value, tries }).toEqual({ value: "done", tries: [0, 5, 15, 35] });
});

test("a wait of 0 ms tries once", async () => {
  const waits: number[] = [];
  const { tries } = await follow(locked, { waitMs: 0, onWait: (ms) => waits.push(ms) });
  expect({ tries, waits }).toEqual({ tries: [0], waits: [] });
});

test("onWait hears before each pause how long it has been", async () => {
  const waits: number[] = [];
  await follow(locked, { waitMs: 40, onWait: (ms) => waits.push(ms) });
  expect(waits).toEqual([0, 5, 15, 35]);
});

test.each([
  ["an error of another kind", new DriverError("sql", "no")],
  ["a busy error with a reason", new DriverError("busy", "in use", { reason: "in-use" })],
  ["a conflict within the connection", new DriverError("busy", "locked", { engineCode: "SQLITE_LOCKED" })],
  ["an error that is not the driver's", new TypeError("bug")],
])("%s is thrown at once", async (_, thrown) => {
  const { tries, error } = await follow(
    () => {
      throw thrown;
    },
    { waitMs: 1000 },
  );
  expect(tries).toEqual([0]);
  expect(error).toBe(thrown);
});

test("a signal that fires during a pause ends the wait at once", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort("stop"), 100);
  const { tries, error } = await follow(locked, { waitMs: 10_000, signal: controller.signal });
  expect(tries.at(-1)).toBe(75);
  expect(error).toMatchObject({ kind: "timeout", reason: "aborted", cause: "stop" });
});

test("a signal that fired before prevents the first try", async () => {
  const { tries, error } = await follow(() => "done", { waitMs: 0, signal: AbortSignal.abort() });
  expect(tries).toEqual([]);
  expect(error).toMatchObject({ reason: "aborted" });
});

test("a finished wait leaves no timer and no listener behind", async () => {
  const controller = new AbortController();
  const removed = vi.spyOn(controller.signal, "removeEventListener");
  const added = vi.spyOn(controller.signal, "addEventListener");
  let left = 2;
  await follow(() => (left-- > 0 ? locked() : 1), { waitMs: 1000, signal: controller.signal });
  expect(added).toHaveBeenCalledTimes(2);
  expect(removed).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});
