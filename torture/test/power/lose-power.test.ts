import { expect, test } from "vitest";
import type { FileEvent } from "../../src/power/file-event.ts";
import { parseFileEvents } from "../../src/power/file-event.ts";
import { losePower } from "../../src/power/lose-power.ts";
import { createRandom } from "../../src/random.ts";

const write = (offset: number, text: string): FileEvent => ({
  kind: "write",
  file: "cache.db",
  offset,
  data: Buffer.from(text),
});
const sync: FileEvent = { kind: "sync", file: "cache.db" };
const before = new Map([["cache.db", Buffer.from("........")]]);

/** Everything that can be found after these events, as text, over many losses. */
function outcomes(events: readonly FileEvent[], name = "cache.db"): ReadonlySet<string> {
  const random = createRandom(1);
  return new Set(
    Array.from({ length: 3000 }, () => losePower(before, events, random).get(name)?.toString() ?? "(none)"),
  );
}

test("what was synced is always there", () => {
  expect(outcomes([write(0, "ab"), sync])).toEqual(new Set(["ab......"]));
});

test("of what was not synced, every combination can be there", () => {
  const found = outcomes([write(0, "ab"), write(4, "cd")]);
  expect(found).toEqual(new Set(["........", "ab......", "....cd..", "ab..cd.."]));
});

test("a write can be torn at a sector", () => {
  const found = [...outcomes([write(0, "x".repeat(1536))])].map((text) => text.replaceAll(".", "").length);
  expect(new Set(found)).toEqual(new Set([0, 512, 1024, 1536]));
});

test("a deleted file can come back until its directory is synced", () => {
  const unlink: FileEvent = { kind: "unlink", file: "cache.db" };
  expect(outcomes([unlink])).toEqual(new Set(["(none)", "........"]));
  expect(outcomes([unlink, { kind: "sync-directory" }])).toEqual(new Set(["(none)"]));
});

test("a new file can be missing until its directory is synced", () => {
  const create: FileEvent = { kind: "create", file: "cache.db-wal" };
  const fill: FileEvent = { kind: "write", file: "cache.db-wal", offset: 0, data: Buffer.from("w") };
  const durable: FileEvent = { kind: "sync", file: "cache.db-wal" };
  expect(outcomes([create, fill, durable], "cache.db-wal")).toEqual(new Set(["(none)", "w"]));
  const all = [create, fill, durable, { kind: "sync-directory" } as const];
  expect(outcomes(all, "cache.db-wal")).toEqual(new Set(["w"]));
});

test("events are read from a log of strace", () => {
  const hex = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  const log = [
    `7 openat(AT_FDCWD</x>, "${hex("/t/data/cache.db")}", O_RDWR|O_CREAT, 0600) = 5</t/data/cache.db>`,
    `7 pwrite64(5</t/data/cache.db>, "${hex("hi")}", 2, 4096) = 2`,
    `7 pwrite64(6</t/data/cache.db-shm>, "${hex("no")}", 2, 0) = 2`,
    "7 ftruncate(5</t/data/cache.db>, 8192) = 0",
    "7 fsync(5</t/data/cache.db>) = 0",
    "7 fsync(5</t/data/cache.db>) = -1 EIO (Input/output error)",
    "7 fsync(9</t/data>) = 0",
    `7 unlink("${hex("/t/data/cache.db-wal")}") = 0`,
    `7 openat(AT_FDCWD</x>, "${hex("/t/ack")}", O_WRONLY|O_CREAT, 0600) = 5</t/ack>`,
    "7 +++ exited with 0 +++",
  ].join("\n");
  expect(parseFileEvents(log, "/t/ack")).toEqual([
    { kind: "create", file: "cache.db" },
    { kind: "write", file: "cache.db", offset: 4096, data: Buffer.from("hi") },
    { kind: "truncate", file: "cache.db", size: 8192 },
    { kind: "sync", file: "cache.db" },
    { kind: "sync-directory" },
    { kind: "unlink", file: "cache.db-wal" },
    { kind: "acknowledge" },
  ]);
});
