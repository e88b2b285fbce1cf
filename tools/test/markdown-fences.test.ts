import { expect, test } from "vitest";
import { firstFence, listFences } from "../src/markdown-fences.ts";

const text = ["one", "```ts", "const a = 1;", "", "```", "```text", "out", "```"].join("\n");

test("fences are listed with language, text and line", () => {
  expect(listFences(text)).toEqual([
    { language: "ts", text: "const a = 1;\n\n", line: 2 },
    { language: "text", text: "out\n", line: 6 },
  ]);
});

test("the first fence of a language is found", () => {
  expect(firstFence(text, "text")).toBe("out\n");
  expect(() => firstFence(text, "sh")).toThrow("sh");
});

test("a fence that is not closed is an error with its line", () => {
  expect(() => listFences("a\n```ts\nb")).toThrow("line 2");
});
