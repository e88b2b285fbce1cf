import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyDeclarations, rewriteImports } from "../src/copy-declarations.ts";

test.each([
  ['export * from "./a.ts";', 'export * from "./a.js";'],
  ['import type { A } from "../b/a.ts";', 'import type { A } from "../b/a.js";'],
  ['export type B = import("./a.ts").A;', 'export type B = import("./a.js").A;'],
  ['import "./a.ts";', 'import "./a.js";'],
  ['export * from "other/a.ts";', 'export * from "other/a.ts";'],
  ['export declare const a: "./a.ts";', 'export declare const a: "./a.ts";'],
])("%s is published as %s", (text, expected) => {
  expect(rewriteImports(text)).toBe(expected);
});

test("declarations that an entry reaches are copied, directly, in a circle or through a folder, and no others", async () => {
  const place = mkdtempSync(join(tmpdir(), "skm-declarations-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const [from, to] = [join(place, "from"), join(place, "to")];
  write(from, "index.d.ts", 'export * from "./a/b.ts";\n');
  write(from, "a/b.d.ts", 'export type C = import("../c.ts").C;\n');
  write(from, "c.d.ts", 'import type { B } from "./a/b.ts";\nexport interface C { b: B }\n');
  write(from, "internal.d.ts", "export {};\n");
  expect(await copyDeclarations({ from, to }, ["index"])).toEqual(["a/b", "c", "index"]);
  expect(globSync("**/*.d.ts", { cwd: to }).toSorted()).toEqual(["a/b.d.ts", "c.d.ts", "index.d.ts"]);
  expect(readFileSync(join(to, "a/b.d.ts"), "utf8")).toBe('export type C = import("../c.js").C;\n');
});

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
