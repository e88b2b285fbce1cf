import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { assertSameFile, prepareDatabaseFile, type PrepareFileOptions } from "@skillmeat/migrate-core/driver";

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "skillmeat-file-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function refusal(path: string, options?: PrepareFileOptions): unknown {
  try {
    return prepareDatabaseFile(path, options);
  } catch (error) {
    return error;
  }
}

const permissions = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("a new database is an empty file for this user only", () => {
  const path = join(temporaryDirectory(), "x.db");
  expect(prepareDatabaseFile(path)).toMatchObject({ path, isWritable: true, hasJournal: false });
  expect([permissions(path), statSync(path).size]).toEqual(["600", 0]);
});

test("an existing database keeps its content and its mode", () => {
  const path = join(temporaryDirectory(), "x.db");
  writeFileSync(path, "content", { mode: 0o644 });
  chmodSync(path, 0o644);
  prepareDatabaseFile(path);
  expect([permissions(path), statSync(path).size]).toEqual(["644", 7]);
});

test.each([{ readOnly: true }, { create: false }])("nothing is created with %j", (options) => {
  const directory = temporaryDirectory();
  for (const path of [join(directory, "x.db"), join(directory, "missing", "x.db")]) {
    expect(refusal(path, { ...options, createParent: true })).toMatchObject({
      kind: "cantopen",
      reason: "missing",
      target: path,
    });
  }
  expect(readdirSync(directory)).toEqual([]);
});

test("a missing directory is refused, and created for this user only where asked for", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "a", "b", "x.db");
  expect(refusal(path)).toMatchObject({ kind: "cantopen", reason: "parent-missing" });
  expect(existsSync(join(directory, "a"))).toBe(false);
  prepareDatabaseFile(path, { createParent: true });
  expect([permissions(join(directory, "a")), permissions(join(directory, "a", "b"))]).toEqual(["700", "700"]);
});

test("a parent that is a file is refused", () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "file"), "");
  const error = refusal(join(directory, "file", "x.db"), { createParent: true });
  expect(error).toMatchObject({ kind: "cantopen", reason: "parent-missing" });
});

test("a directory, a fifo and a device are refused without opening them", () => {
  const directory = temporaryDirectory();
  const fifo = join(directory, "fifo");
  execFileSync("mkfifo", [fifo]);
  expect(refusal(directory)).toMatchObject({ kind: "cantopen", reason: "directory" });
  expect(refusal(fifo)).toMatchObject({ kind: "cantopen", reason: "not-regular" });
  expect(refusal("/dev/null")).toMatchObject({ kind: "cantopen", reason: "not-regular" });
});

test("a file with several names is refused", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.db");
  writeFileSync(path, "");
  linkSync(path, join(directory, "y.db"));
  for (const readOnly of [false, true]) {
    expect(refusal(path, { readOnly })).toMatchObject({ kind: "cantopen", reason: "hard-link" });
  }
});

test("a symbolic link leads to its target, existing or not", () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "data"));
  symlinkSync("two.db", join(directory, "one.db"));
  symlinkSync(join("data", "real.db"), join(directory, "two.db"));
  const real = join(directory, "data", "real.db");
  expect(refusal(join(directory, "one.db"), { create: false })).toMatchObject({
    reason: "missing",
    target: real,
  });
  expect(prepareDatabaseFile(join(directory, "one.db")).path).toBe(real);
  expect(permissions(real)).toBe("600");
});

test("links that form a loop are refused", () => {
  const directory = temporaryDirectory();
  symlinkSync("b", join(directory, "a"));
  symlinkSync("a", join(directory, "b"));
  const error = refusal(join(directory, "a"));
  expect(error).toMatchObject({
    kind: "cantopen",
    reason: undefined,
    message: expect.stringContaining("loop") as string,
  });
});

test("a lock directory is named with its age", () => {
  const path = join(temporaryDirectory(), "x.db");
  writeFileSync(path, "");
  mkdirSync(`${path}.lock`);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(`${path}.lock`, hourAgo, hourAgo);
  const error = refusal(path);
  expect(error).toMatchObject({ kind: "busy", reason: "stale-lock", target: path });
  expect((error as Error).message).toMatch(/x\.db\.lock", 36\d\d seconds old, of an unknown process$/);
  expect(readdirSync(join(path, "..")).toSorted()).toEqual(["x.db", "x.db.lock"]);
});

test("a plain file beside the database is no lock", () => {
  const path = join(temporaryDirectory(), "x.db");
  writeFileSync(`${path}.lock`, "");
  expect(prepareDatabaseFile(path).path).toBe(path);
});

test.each(["-wal", "-journal"])("a file %s is a journal", (suffix) => {
  const path = join(temporaryDirectory(), "x.db");
  const file = prepareDatabaseFile(path);
  expect(file.hasJournal).toBe(false);
  writeFileSync(path + suffix, "");
  expect(file.hasJournal).toBe(true);
});

test("a file that was replaced, moved or deleted is noticed", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.db");
  const { identity } = prepareDatabaseFile(path);
  assertSameFile(path, identity);
  renameSync(path, join(directory, "moved.db"));
  const replaced = expect.objectContaining({ kind: "io", reason: "replaced", target: path }) as Error;
  expect(() => assertSameFile(path, identity)).toThrow(replaced);
  writeFileSync(path, "");
  expect(() => assertSameFile(path, identity)).toThrow(replaced);
});
