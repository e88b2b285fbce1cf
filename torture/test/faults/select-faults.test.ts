import { expect, test } from "vitest";
import { describeFault, type CallCounts } from "../../src/faults/fault.ts";
import { listFaults, selectFaults } from "../../src/faults/select-faults.ts";
import { countLogged } from "../../src/faults/strace.ts";

const counts: CallCounts = {
  openat: 3,
  pread64: 10,
  pwrite64: 50,
  write: 0,
  fsync: 4,
  fdatasync: 0,
  ftruncate: 1,
  unlink: 2,
};

test("every call is struck with every fault that fits it", () => {
  expect(listFaults(counts)).toHaveLength(3 * 3 + 10 + 50 * 4 + 4 * 2 + 1 * 2 + 2 * 2);
});

test("a selection has every fault at a decisive call and spreads the rest evenly", () => {
  const selected = selectFaults(counts, 60);
  expect(selected).toHaveLength(60);
  expect(selected.filter(({ call }) => ["fsync", "ftruncate", "unlink"].includes(call))).toHaveLength(14);
  const kills = selected.filter(({ call, action }) => call === "pwrite64" && action.kind === "kill");
  expect(kills.length).toBeGreaterThan(8);
  expect(kills[0]!.nth).toBeLessThan(6);
  expect(kills.at(-1)!.nth).toBeGreaterThan(44);
});

test("a budget larger than the list takes the whole list, once", () => {
  const selected = selectFaults(counts, 10_000);
  expect(new Set(selected.map(describeFault)).size).toBe(listFaults(counts).length);
});

test("calls are counted on the thread that makes most of them", () => {
  const log = [
    '7 openat(AT_FDCWD, "x.db", O_RDWR) = 3',
    "7 fsync(3 <unfinished ...>",
    '9 openat(AT_FDCWD, "x.db", O_RDONLY) = 4',
    "7 <... fsync resumed>) = 0",
    "7 fsync(3) = -1 EIO (Input/output error) (INJECTED)",
    "7 +++ exited with 0 +++",
  ].join("\n");
  expect(countLogged(log)).toMatchObject({ openat: 1, fsync: 2, pwrite64: 0 });
});
