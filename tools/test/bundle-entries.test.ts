import { spawnSync } from "node:child_process";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { bundleEntries } from "../src/bundle-entries.ts";
import type { PackageEntry } from "../src/package-entries.ts";
import type { PackageManifest } from "../src/package-manifest.ts";

const index: PackageEntry = {
  id: ".",
  source: "./src/index.ts",
  output: "./dist/index.js",
  types: "./dist/index.d.ts",
};
const manifest: PackageManifest = { name: "app", version: "1.0.0" };

/** A workspace with the package `packages/app`, a second one, and a third party's package. */
function workspace(files: Readonly<Record<string, string>>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skm-bundle-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const all = {
    "packages/lib/package.json": '{"name":"lib","exports":{".":{"source":"./src/index.ts"}}}',
    "packages/lib/src/index.ts": "export const lib: number = 1;",
    "node_modules/foreign/package.json": '{"name":"foreign","main":"index.js"}',
    "node_modules/foreign/index.js": "exports.foreign = 1;",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync("../packages/lib", join(root, "node_modules", "lib"));
  const folder = join(root, "packages", "app");
  return { root, folder, outdir: join(folder, "dist") };
}

test("own files become one module, and dependencies stay imports", async () => {
  const place = workspace({
    "packages/app/src/index.ts": 'import { a } from "./a.ts"; import b from "foreign"; console.log(a, b);',
    "packages/app/src/a.ts": "export const a = 1;",
  });
  await bundleEntries(place, { ...manifest, dependencies: { foreign: "1" } }, [index]);
  expect(globSync("**/*.js", { cwd: place.outdir })).toEqual(["index.js"]);
  const text = readFileSync(join(place.outdir, "index.js"), "utf8");
  expect(text).toContain('import b from "foreign";');
  expect(text).not.toContain(place.root);
});

test("what is imported on use is a file of its own, and what entries share is there once", async () => {
  const place = workspace({
    "packages/app/src/index.ts":
      'export { shared } from "./shared.ts"; export const late = () => import("./late.ts");',
    "packages/app/src/other.ts": 'export { shared } from "./shared.ts";',
    "packages/app/src/shared.ts": "export const shared = Symbol('shared');",
    "packages/app/src/late.ts": "export const late = 'late';",
  });
  const other = { ...index, id: "./other", source: "./src/other.ts" };
  await bundleEntries(place, manifest, [index, other]);
  const files = globSync("**/*.js", { cwd: place.outdir });
  const withSymbol = files.filter((file) =>
    readFileSync(join(place.outdir, file), "utf8").includes("Symbol("),
  );
  expect(files).toEqual(expect.arrayContaining(["index.js", "other.js"]));
  expect(withSymbol).toHaveLength(1);
  expect(readFileSync(join(place.outdir, "index.js"), "utf8")).not.toContain("'late'");
});

test("a third party's code that is not declared as a dependency is refused", async () => {
  const place = workspace({
    "packages/app/src/index.ts": 'import { foreign } from "foreign"; console.log(foreign);',
  });
  await expect(bundleEntries(place, manifest, [index])).rejects.toThrow(
    /app would bundle node_modules\/foreign/,
  );
});

const bin: PackageEntry = { id: "bin:app", source: "./src/bin.ts", output: "./dist/bin.js", types: null };

test("a command has the workspace's packages in its bundle, and third parties' packages stay imports", async () => {
  const text = 'import { lib } from "lib"; import b from "foreign"; console.log(lib, b);';
  const place = workspace({ "packages/app/src/index.ts": text, "packages/app/src/bin.ts": text });
  const dependencies = { foreign: "1", lib: "workspace:*" };
  await bundleEntries(place, { ...manifest, dependencies }, [index, bin]);
  const importsOf = (file: string) =>
    [...readFileSync(join(place.outdir, file), "utf8").matchAll(/^import .* from "(.*)";$/gm)].map(
      (match) => match[1],
    );
  expect(importsOf("index.js")).toEqual(["lib", "foreign"]);
  expect(importsOf("bin.js")).toEqual(["foreign"]);
});

test("a command is a first file and one with all the rest, which runs only what it reaches", async () => {
  const place = workspace({
    "packages/app/src/bin.ts":
      '#!/usr/bin/env node\nconst order = ["bin"];\nconst { main } = await import("./main.ts");\nawait main(order);',
    "packages/app/src/main.ts":
      'export async function main(order) { order.push("main"); await import("./used.ts"); if (order.length > 9) await import("./unused.ts"); console.log(order, globalThis.seen); }',
    "packages/app/src/used.ts": 'globalThis.seen = "used";',
    "packages/app/src/unused.ts": 'globalThis.seen = "unused";',
  });
  await bundleEntries(place, manifest, [bin]);
  expect(globSync("**/*.js", { cwd: place.outdir }).toSorted()).toEqual(["bin.js", "main.js"]);
  const { stdout } = spawnSync(process.execPath, [join(place.outdir, "bin.js")], { encoding: "utf8" });
  expect(stdout).toBe("[ 'bin', 'main' ] used\n");
});
