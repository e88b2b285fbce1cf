import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  breakLockDirectory,
  forgetLockOwner,
  inspectLockDirectory,
  noteLockOwner,
  staleLock,
  withLockDirectory,
  type LockDirectory,
} from "../../src/driver/index.ts";

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "skillmeat-lock-"));
  path = join(directory, "x.db");
  return () => rmSync(directory, { recursive: true, force: true });
});

function lock(): LockDirectory {
  const found = inspectLockDirectory(path);
  if (found === undefined) throw new Error("there is no lock directory");
  return found;
}

/** Notes another owner of the directory that is there. */
function note(pid: number, host = hostname()): void {
  writeFileSync(`${path}.lock-owner`, JSON.stringify({ pid, host, lock: lock().identity }));
}

/** The number of a process that has ended. */
const goneProcess = (): number => spawnSync(process.execPath, ["--version"]).pid;

test("without the directory there is no lock, whatever a note says", () => {
  writeFileSync(`${path}.lock-owner`, "{}");
  expect(inspectLockDirectory(path)).toBe(undefined);
});

describe("the owner", () => {
  beforeEach(() => mkdirSync(`${path}.lock`));

  test("is not known without a note", () => {
    expect(lock()).toMatchObject({ path: `${path}.lock`, owner: undefined });
  });

  test("is the process that noted itself, until it forgets", () => {
    const identity = noteLockOwner(path);
    expect(lock().owner).toEqual({ pid: process.pid, host: hostname(), state: "running" });
    forgetLockOwner(path, "another one");
    expect(lock().owner?.pid).toBe(process.pid);
    forgetLockOwner(path, identity);
    expect(readdirSync(directory)).toEqual(["x.db.lock"]);
  });

  test("is gone when its process has ended, and elsewhere on another host", () => {
    note(goneProcess());
    expect(lock().owner?.state).toBe("gone");
    note(process.pid, "another-host");
    expect(lock().owner?.state).toBe("elsewhere");
  });

  test.each(["", "[]", '{"pid":0,"host":"h","lock":"x"}', '{"pid":1}', "null"])(
    "is not known from the note %j",
    (text) => {
      writeFileSync(`${path}.lock-owner`, text);
      expect(lock().owner).toBe(undefined);
    },
  );
});

describe("breaking", () => {
  beforeEach(() => mkdirSync(`${path}.lock`));

  test("removes the directory of a process that is gone, and its note", () => {
    note(goneProcess());
    expect(staleLock(path, lock())).toMatchObject({ kind: "busy", reason: "stale-lock" });
    breakLockDirectory(path, lock());
    expect(readdirSync(directory)).toEqual([]);
  });

  test("is refused while the owner is running", () => {
    noteLockOwner(path);
    expect(staleLock(path, lock())).toMatchObject({ kind: "busy", reason: undefined });
    expect(() => breakLockDirectory(path, lock())).toThrowError(/of process \d+, which is running/);
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  test("leaves a directory that somebody made since", () => {
    const old = { ...lock(), identity: "1:1" };
    expect(() => breakLockDirectory(path, old)).toThrowError(/changed hands/);
    expect(readdirSync(directory)).toEqual(["x.db.lock"]);
  });

  test("has nothing to do when the lock is gone by itself", () => {
    const seen = lock();
    rmdirSync(`${path}.lock`);
    breakLockDirectory(path, seen);
    expect(readdirSync(directory)).toEqual([]);
  });
});

test("work under the lock is done alone, and leaves nothing", async () => {
  const inside = await withLockDirectory(path, async () => {
    const owner = lock().owner?.pid;
    return [owner, await withLockDirectory(path, () => "twice")];
  });
  expect(inside).toEqual([process.pid, undefined]);
  await expect(withLockDirectory(path, () => Promise.reject(new Error("enough")))).rejects.toThrowError(
    "enough",
  );
  expect(readdirSync(directory)).toEqual([]);
});
