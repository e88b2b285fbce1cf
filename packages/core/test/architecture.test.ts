import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  importedFolders,
  readModules,
  withoutExamples,
  type SourceModule,
} from "./architecture/read-modules.ts";

const packages = join(import.meta.dirname, "..", "..");
const core = readModules(join(packages, "core", "src"));

/** A folder imports from folders of lower layers and from itself. `index.ts` of the package is on top. */
const layers: Readonly<Record<string, number>> = {
  errors: 0,
  util: 1,
  driver: 2,
  schema: 2,
  revision: 2,
  sql: 3,
  ops: 4,
  inspect: 5,
  version: 5,
  script: 5,
  batch: 5,
  plan: 6,
  autogenerate: 6,
  copy: 7,
  run: 7,
  snapshot: 8,
  commands: 9,
  "": 10,
};
const pureFolders = new Set(["revision", "schema", "sql", "ops", "batch", "plan", "autogenerate"]);

/** Libraries, services and their protocols. `libsql_…` is the prefix of tables that a server keeps for itself. */
const driverName =
  /better-?sqlite|libsql(?!_)|turso|wasm|sqld\b|hrana|node:sqlite|bun:sqlite|sql\.js|cloudflare/i;

/** Files that may hold a type assertion: where an engine's loose types come in, and one table built from entries. */
const mayAssert = new Set(["engine.ts", "codes.ts"]);

const inCore = (module: SourceModule): boolean => module.folder !== "testkit";

describe("core", () => {
  test("has only the folders of the layer table", () => {
    expect(core.filter(inCore).filter(({ folder }) => layers[folder] === undefined)).toEqual([]);
  });

  test("imports from lower layers or the own folder only", () => {
    const upward = core.filter(inCore).flatMap((module) =>
      importedFolders(module)
        .filter((target) => target !== module.folder)
        .filter((target) => (layers[target] ?? Infinity) >= (layers[module.folder] ?? 0))
        .map((target) => `${module.path} imports from ${target === "" ? "index.ts" : target}`),
    );
    expect(upward).toEqual([]);
  });

  test("does not import its testkit", () => {
    const users = core.filter(inCore).filter((module) => importedFolders(module).includes("testkit"));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  test("imports nothing but its own files and Node's modules", () => {
    const foreign = core
      .filter(inCore)
      .flatMap(({ path, imports }) =>
        imports
          .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
          .map((specifier) => `${path} imports ${specifier}`),
      );
    expect(foreign).toEqual([]);
  });

  test("names imported files with their extension", () => {
    const bare = core.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith(".") && !specifier.endsWith(".ts"))
        .map((specifier) => `${path} imports ${specifier}`),
    );
    expect(bare).toEqual([]);
  });

  test("names no database library and no vendor, examples in comments apart", () => {
    const named = core.filter(inCore).flatMap((module) =>
      withoutExamples(module)
        .split("\n")
        .flatMap((line, index) =>
          driverName.test(line) ? [`${module.path}:${index + 1} ${line.trim()}`] : [],
        ),
    );
    expect(named).toEqual([]);
  });
});

describe("the pure folders", () => {
  const pure = core.filter(({ folder }) => pureFolders.has(folder));

  test("have no asynchronous code", () => {
    expect(pure.flatMap(({ path, asyncLines }) => asyncLines.map((line) => `${path}:${line}`))).toEqual([]);
  });

  test("import no module of Node", () => {
    const node = pure.filter(({ imports }) => imports.some((specifier) => specifier.startsWith("node:")));
    expect(node.map(({ path }) => path)).toEqual([]);
  });

  test("do not know the connection", () => {
    const connected = pure.filter((module) => importedFolders(module).includes("driver"));
    const values = connected.filter(({ text }) => !/import type \{[^}]*\} from "\.\.\/driver\//.test(text));
    expect(values.map(({ path }) => path)).toEqual([]);
  });
});

const published = globSync("*/package.json", { cwd: packages })
  .map((path) => dirname(path))
  .toSorted();

describe.each(published)("the sources of %s", (name) => {
  const modules = readModules(join(packages, name, "src"));

  test("are files of at most 350 lines", () => {
    expect(modules.filter(({ lines }) => lines > 350).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    );
  });

  test("are named after what they export", () => {
    const vague = /^(utils?|helpers?|common|misc|shared|types)\.ts$/;
    const badCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$|^\d/;
    const bad = modules.filter(({ path }) => vague.test(basename(path)) || !badCase.test(basename(path)));
    expect(bad.map(({ path }) => path)).toEqual([]);
  });

  test("have default exports in revision files only", () => {
    const defaults = modules.filter(
      ({ hasDefaultExport, folder }) => hasDefaultExport && folder !== "revisions",
    );
    expect(defaults.map(({ path }) => path)).toEqual([]);
  });

  test("assert types only where the compiler cannot know", () => {
    const assertions = modules
      .filter(({ path }) => !mayAssert.has(basename(path)))
      .flatMap(({ path, assertionLines }) => assertionLines.map((line) => `${path}:${line}`));
    expect(assertions).toEqual([]);
  });

  test("inherit from Error only", () => {
    const heirs = modules.filter(({ superClasses }) =>
      superClasses.some((superClass) => superClass !== null && superClass !== "Error"),
    );
    expect(heirs.map(({ path }) => path)).toEqual([]);
  });
});
