import { describe, expect, test } from "vitest";
import { createOutput, type OutputMode } from "../../src/output/output.ts";
import { renderDocument } from "../../src/output/render-document.ts";
import { reportFailure } from "../../src/output/report-failure.ts";
import { DriverError, MigrationError } from "@skillmeat/migrate-core";

const mode: OutputMode = {
  json: false,
  quiet: false,
  verbose: false,
  debug: false,
  color: false,
  redraw: false,
};

function capture(options: Partial<OutputMode> = {}, failure?: Error) {
  const written = { stdout: "", stderr: "" };
  const output = createOutput({
    stdout: {
      write: (text) => {
        if (failure !== undefined) throw failure;
        written.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        written.stderr += text;
      },
    },
    mode: { ...mode, ...options },
    redact: (text) => text.replaceAll("SECRET", "***"),
  });
  return { output, written };
}

const systemError = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

describe("output", () => {
  test("separates data from talk", () => {
    const { output, written } = capture();
    output.talk("doing");
    output.present({ text: "data", document: { data: 1 } });
    expect(written).toEqual({ stdout: "data\n", stderr: "doing\n" });
  });

  test("says nothing but alerts and data when it is quiet", () => {
    const { output, written } = capture({ quiet: true });
    output.talk("doing");
    output.alert("broken");
    output.present({ text: "data", document: {} });
    expect(written).toEqual({ stdout: "data\n", stderr: "broken\n" });
  });

  test("writes a document instead of text", () => {
    const { output, written } = capture({ json: true });
    output.present({ text: "data", document: { data: ["a SECRET"] } });
    expect(JSON.parse(written.stdout)).toEqual({ data: ["a ***"] });
  });

  test("writes nothing for an empty text", () => {
    const { output, written } = capture();
    output.present({ text: "", document: {} });
    expect(written.stdout).toBe("");
  });

  test("escapes what could steer a terminal and hides secrets, on both ways out", () => {
    const { output, written } = capture();
    output.talk("\u001B[2J SECRET");
    output.present({ text: "a\tb\n\u001B]0;x\u0007\u202E", document: {} });
    expect(written).toEqual({ stdout: "a\tb\n\\x1b]0;x\\x07\\u202e\n", stderr: "\\x1b[2J ***\n" });
  });

  test("colours the first word only", () => {
    const { output, written } = capture({ color: true });
    output.alert("error SKM_X: no", "error");
    output.talk("plain");
    expect(written.stderr).toBe("\u001B[1;31merror\u001B[0m SKM_X: no\nplain\n");
  });

  test("takes a reader that has left for granted", () => {
    const { output } = capture({}, systemError("EPIPE"));
    expect(() => output.present({ text: "data", document: {} })).not.toThrow();
  });

  test("fails with SKM_IO when the data cannot be written", () => {
    const { output } = capture({}, systemError("ENOSPC"));
    expect(() => output.present({ text: "data", document: {} })).toThrowError(
      expect.objectContaining({ code: "SKM_IO", exitCode: 1 }),
    );
  });
});

describe("a failure", () => {
  const error = new MigrationError("SKM_USAGE", "no SECRET", { hint: "try SECRET", details: { a: 1n } });

  test("is an error line and a hint line", () => {
    const { output, written } = capture();
    expect(reportFailure(output, error)).toBe(2);
    expect(written).toEqual({ stdout: "", stderr: "error SKM_USAGE: no ***\nhint: try ***\n" });
  });

  test("is a document with --json, and nothing else", () => {
    const { output, written } = capture({ json: true });
    expect(reportFailure(output, error)).toBe(2);
    expect(written.stderr).toBe("");
    expect(JSON.parse(written.stdout)).toEqual({
      error: { code: "SKM_USAGE", message: "no ***", details: { a: "1" }, hint: "try ***" },
    });
  });

  test("comes as text once the document is written", () => {
    const { output, written } = capture({ json: true });
    output.present({ text: "", document: { done: true } });
    reportFailure(output, error);
    expect(JSON.parse(written.stdout)).toEqual({ done: true });
    expect(written.stderr).toContain("error SKM_USAGE");
  });

  test("shows its causes with --debug only", () => {
    const deep = new MigrationError("SKM_DB_OPEN", "outer", { cause: new Error("inner SECRET") });
    const quiet = capture();
    reportFailure(quiet.output, deep);
    expect(quiet.written.stderr).toBe("error SKM_DB_OPEN: outer\n");
    const { output, written } = capture({ debug: true });
    reportFailure(output, deep);
    expect(written.stderr).toMatch(/outer\n\s+at .*\ncaused by Error: inner \*\*\*\n\s+at /s);
  });

  test.each<[name: string, thrown: unknown, code: string, exit: number]>([
    ["an error that is none of ours", new TypeError("x is not a function"), "SKM_INTERNAL", 1],
    ["a text", "oops", "SKM_INTERNAL", 1],
    ["nothing", undefined, "SKM_INTERNAL", 1],
    ["an object without a prototype", Object.create(null), "SKM_INTERNAL", 1],
    ["an error of a driver", new DriverError("busy", "locked"), "SKM_BUSY", 6],
  ])("%s becomes its code", (_name, thrown, code, exit) => {
    const { output, written } = capture();
    expect(reportFailure(output, thrown)).toBe(exit);
    expect(written.stderr).toContain(`error ${code}: `);
  });
});

test("a document renders what JSON has no form for", () => {
  const text = renderDocument(
    { big: 2n ** 60n, bytes: new Uint8Array([1, 255]), error: new TypeError("x"), list: [null, true] },
    (part) => part,
  );
  expect(JSON.parse(text)).toEqual({
    big: "1152921504606846976",
    bytes: "X'01FF'",
    error: "TypeError: x",
    list: [null, true],
  });
});

test("a document leaves nothing that steers a terminal, and means the same", () => {
  const value = { text: "\u001B[2J \u009B2J \u007F \u202E \u2066 é 😀", "\u200F": 1 };
  const text = renderDocument(value, (part) => part);
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200F\u202E\u2066]/);
  expect(text).toContain("é 😀");
  expect(JSON.parse(text)).toEqual(value);
});
