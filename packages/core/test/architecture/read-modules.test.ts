import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { importedFolders, readModules, withoutExamples } from "./read-modules.ts";

function moduleOf(text: string) {
  const src = mkdtempSync(join(tmpdir(), "skm-architecture-"));
  onTestFinished(() => rmSync(src, { recursive: true }));
  mkdirSync(join(src, "plan"));
  writeFileSync(join(src, "plan", "unit.ts"), text);
  const [module] = readModules(src);
  if (module === undefined) throw new Error("nothing read");
  return module;
}

test("imports of every form are found with the folder they lead to", () => {
  const module = moduleOf(`
    import a from "./a.ts";
    import type { B } from "../sql/b.ts";
    import "../ops/c.ts";
    export * from "../schema/d.ts";
    export { e } from "../index.ts";
    type F = import("../run/f.ts").F;
    const g = () => import("../commands/g.ts");
  `);
  expect(importedFolders(module)).toEqual(["plan", "sql", "ops", "schema", "", "run", "commands"]);
});

test.each([
  ["await x;", [1]],
  ["\nconst f = async () => 1;", [2]],
  ["class A { async m() {} }", [1]],
  ["for await (const x of y) z(x);", [1]],
  ["// await\nconst text = 'await';", []],
])("asynchronous code is found in %j", (text, lines) => {
  expect(moduleOf(text).asyncLines).toEqual(lines);
});

test.each([
  ["const a = b as C;", 1],
  ["const a = <C>b;", 1],
  ["const a = [1] as const;", 0],
  ["const a = b as unknown;", 0],
  ["const a = b as unknown as C;", 1],
  ["import { a as b } from './c.ts';", 0],
])("type assertions are counted in %j", (text, count) => {
  expect(moduleOf(text).assertionLines).toHaveLength(count);
});

test.each([
  ["export default 1;", true],
  ["const a = 1; export { a as default };", true],
  ["export const a = 1;", false],
])("default exports are found in %j", (text, expected) => {
  expect(moduleOf(text).hasDefaultExport).toBe(expected);
});

test("super-classes and string literals are collected", () => {
  const module = moduleOf("class A extends Error { name = 'x' } const b = class {}; const c = `y`;");
  expect(module.superClasses).toEqual(["Error", null]);
  expect(module.strings).toEqual(["x", "y"]);
});

test("examples in comments are blanked and all else stays", () => {
  const text =
    '/**\n * Keeps this.\n * @example\n * turso()\n * @throws {Error} this\n */\nconst a = "turso";';
  const rest = withoutExamples(moduleOf(text));
  expect(rest.split("\n").map((line) => line.trim())).toEqual([
    "/**",
    "* Keeps this.",
    "*",
    "",
    "* @throws {Error} this",
    "*/",
    'const a = "turso";',
  ]);
});

test("a file that cannot be parsed fails", () => {
  expect(() => moduleOf("const = 1;")).toThrow(/plan\/unit\.ts/);
});
