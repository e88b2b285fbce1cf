import * as fc from "fast-check";
import { expect, test } from "vitest";
import { resolveDatabasePath, type PathContext } from "@skillmeat/migrate-core/driver";

const context: PathContext = { cwd: "/work dir/project", home: "/home/ann", platform: "linux" };

test.each([
  ["/abs/x.db", "/abs/x.db"],
  ["x.db", "/work dir/project/x.db"],
  ["./x.db", "/work dir/project/x.db"],
  ["../x.db", "/work dir/x.db"],
  ["a/../b//x.db", "/work dir/project/b/x.db"],
  ["~/x.db", "/home/ann/x.db"],
  ["~", "/home/ann"],
  [" x.db", "/work dir/project/ x.db"],
  ["./postgres:x.db", "/work dir/project/postgres:x.db"],
  ["what?.db", "/work dir/project/what?.db"],
  ["50%.db", "/work dir/project/50%.db"],
  ["ünï 🐘.db", "/work dir/project/ünï 🐘.db"],
  ["file:x.db", "/work dir/project/x.db"],
  ["file:../x.db", "/work dir/x.db"],
  ["file:/abs/x.db", "/abs/x.db"],
  ["file:///abs/x.db", "/abs/x.db"],
  ["file://localhost/abs/x.db", "/abs/x.db"],
  ["FILE:///abs/x.db", "/abs/x.db"],
  ["file:///a%20b/50%25%20%C3%BC.db", "/a b/50% ü.db"],
  ["file:what%3F%23.db", "/work dir/project/what?#.db"],
  ["file:~/x.db", "/home/ann/x.db"],
  ["sqlite:////abs/x.db", "/abs/x.db"],
  ["sqlite:///abs/x.db", "/abs/x.db"],
  ["sqlite:///x.db", "/work dir/project/x.db"],
  ["sqlite:///./data/x.db", "/work dir/project/data/x.db"],
  ["sqlite:///../x.db", "/work dir/x.db"],
  ["sqlite:///~/x.db", "/home/ann/x.db"],
  ["sqlite:////a%20b/x.db", "/a%20b/x.db"],
  ["sqlite+pysqlite:////abs/x.db", "/abs/x.db"],
  ["SQLite:////abs/x.db", "/abs/x.db"],
])("%j is the file %j", (input, path) => {
  expect(resolveDatabasePath(input, context)).toEqual({ kind: "file", path });
});

test.each([":memory:", "file::memory:", "sqlite://", "sqlite:///:memory:"])("%j is in memory", (input) => {
  expect(resolveDatabasePath(input, context)).toEqual({ kind: "memory" });
});

test.each([
  ["", "it is blank"],
  [" ", "it is blank"],
  ["a\0b.db", "NUL"],
  ["file:a%00b.db", "NUL"],
  ["a\uD800.db", "not well-formed"],
  ["postgres://x/y", 'the scheme "postgres" is not supported'],
  ["libsql://h", 'the scheme "libsql" is not supported'],
  ["https://h/x.db", 'the scheme "https" is not supported'],
  ["mailto:x", 'the scheme "mailto" is not supported'],
  ["sqlite+pysqlcipher:////x.db", 'the scheme "sqlite+pysqlcipher" is not supported'],
  ["C:\\x.db", "drive letter"],
  ["C:/x.db", "drive letter"],
  ["c:x.db", "drive letter"],
  ["file:http://x/y", "another URL inside"],
  ["file:x.db?mode=ro", 'parameters after "?"'],
  ["file:x.db#top", 'parameters after "#"'],
  ["sqlite:////x.db?timeout=5", 'parameters after "?"'],
  ["file://server/x.db", "another host"],
  ["file://server", "another host"],
  ["file:", "names no file"],
  ["file://", "names no file"],
  ["file:50%.db", "hexadecimal"],
  ["file:%FF.db", "hexadecimal"],
  ["sqlite:x.db", "three slashes"],
  ["sqlite:/x.db", "three slashes"],
  ["sqlite://host/x.db", "three slashes"],
  ["~bob/x.db", "another user"],
  ["x.db ", "white space"],
  ["x.db\n", "white space"],
])("%j is refused: %s", (input, problem) => {
  expect(refusal(input)).toMatchObject({
    kind: "cantopen",
    reason: "url",
    message: expect.stringContaining(problem) as string,
  });
});

test.each(["dir.db/", "/abs/", "file:///abs/", "sqlite:////abs/", "~/"])("%j names a directory", (input) => {
  expect(refusal(input)).toMatchObject({ kind: "cantopen", reason: "directory" });
});

test("a home that is not known is said", () => {
  expect(refusal("~/x.db", { ...context, home: "" })).toMatchObject({ reason: "url" });
});

test("a value that is no string is a wrong call", () => {
  expect(() => resolveDatabasePath(undefined as unknown as string)).toThrow(TypeError);
});

test("what is refused does not repeat passwords and tokens", () => {
  for (const input of [
    "libsql://h?authToken=SECRET",
    "libsql://h#SECRET",
    "postgres://ann:SECRET@h/x",
    "file:x?k=SECRET",
  ]) {
    expect(JSON.stringify([refusal(input), String(refusal(input))])).not.toContain("SECRET");
  }
});

test("on Windows a drive letter is a path", () => {
  const windows: PathContext = { ...context, platform: "win32" };
  for (const input of ["C:\\data\\x.db", "file:///C:\\data\\x.db", "sqlite:///C:\\data\\x.db"]) {
    const resolved = resolveDatabasePath(input, windows);
    expect(resolved.kind === "file" && resolved.path.endsWith("C:\\data\\x.db")).toBe(true);
  }
  expect(refusal("C:\\data\\", windows)).toMatchObject({ reason: "directory" });
});

test("every absolute path comes through a file: URL unchanged", () => {
  const name = fc
    .string({ unit: "binary", minLength: 1 })
    .filter((text) => !/[/\0]/.test(text) && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      fc.pre(
        names.every((part) => part !== "." && part !== "..") && names.at(-1)?.trimEnd() === names.at(-1),
      );
      const path = `/${names.join("/")}`;
      const url = `file:${names.map((part) => `/${encodeURIComponent(part)}`).join("")}`;
      expect(resolveDatabasePath(url, context)).toEqual({ kind: "file", path });
    }),
  );
});

function refusal(input: string, where: PathContext = context): unknown {
  try {
    return resolveDatabasePath(input, where);
  } catch (error) {
    return error;
  }
}
