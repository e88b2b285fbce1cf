import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { takePlainBuiltins } from "../src/plain-builtins.ts";

async function bundle(source: string) {
  const { outputFiles } = await build({
    stdin: { contents: source, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    plugins: [takePlainBuiltins()],
  });
  return outputFiles[0]?.text ?? "";
}

function runBundle(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "skm-builtins-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "bundle.mjs");
  writeFileSync(file, text);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  return stdout + stderr;
}

test.for([
  ["a named import", 'import { basename } from "node:path"; console.log(basename("a/b"));', "b\n"],
  ["a default import", 'import path from "node:path"; console.log(path.basename("a/b"));', "b\n"],
  ["a namespace", 'import * as path from "node:path"; console.log(path.basename("a/b"));', "b\n"],
  [
    "a path below a module",
    'import { stat } from "node:fs/promises"; console.log(typeof stat);',
    "function\n",
  ],
] as const)("%s of a module of Node works without an import", async ([, source, output]) => {
  const text = await bundle(source);
  expect(text).not.toMatch(/\bimport\b[^(]*"node:/);
  expect(runBundle(text)).toBe(output);
});

test("the streams of node:fs are not loaded by importing something else from it", async () => {
  const text = await bundle('import { existsSync } from "node:fs"; globalThis.found = existsSync("x");');
  const isLoaded = 'console.log(process.moduleLoadList.includes("NativeModule internal/fs/streams"));';
  expect(runBundle(text + isLoaded)).toBe("false\n");
  expect(runBundle(`import { existsSync } from "node:fs"; existsSync("x"); ${isLoaded}`)).toBe("true\n");
});

test("a dynamic import stays, and rejects where the module is missing", async () => {
  const text = await bundle('import("node:no-such-module").catch((error) => console.log(error.code));');
  expect(runBundle(text)).toBe("ERR_UNKNOWN_BUILTIN_MODULE\n");
});
