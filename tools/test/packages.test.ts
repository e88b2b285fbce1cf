import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checkPackage } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstFence, listFences } from "../src/markdown-fences.ts";
import { readManifest } from "../src/package-manifest.ts";
import { packWorkspace, type PackedPackage } from "../src/pack-workspace.ts";
import { listWorkspace, repositoryRoot } from "../src/workspace-folders.ts";

/** kB that a package may have unpacked, about a third above what it has. */
const sizeLimits: Readonly<Record<string, number>> = {
  "@skillmeat/migrate-cli": 1800,
  "@skillmeat/migrate-core": 1600,
  "@skillmeat/schema": 120,
};
const driverSizeLimit = 120;

const names = listWorkspace()
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ manifest }) => manifest.name);

const place = realpathSync(mkdtempSync(join(tmpdir(), "skm-pack-")));
let packages: readonly PackedPackage[] = [];
beforeAll(() => {
  packages = packWorkspace(place);
}, 60_000);
afterAll(() => rmSync(place, { recursive: true }));

function packed(name: string): PackedPackage {
  const found = packages.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

test("every public package is packed", () => {
  expect(packages.map(({ name }) => name)).toEqual(names);
});

test("every public package is built before these tests, because this package depends on it", async () => {
  const { devDependencies } = await readManifest(join(repositoryRoot, "tools"));
  expect(Object.keys(devDependencies ?? {})).toEqual(names);
});

describe.each(names)("the tarball of %s", (name) => {
  test("holds bundles, declarations and three texts only", () => {
    const { files } = packed(name);
    const allowed = /^(dist\/([\w.-]+\/)*[\w.-]+\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/;
    expect(files.filter((path) => !allowed.test(path))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
  });

  test("has every file that its package.json points at", () => {
    const { files, manifest } = packed(name);
    const targets = [...Object.values(manifest.bin ?? {}), ...leaves(manifest.exports)];
    expect(targets.filter((target) => !files.includes(target.replace(/^\.\//, "")))).toEqual([]);
  });

  test("runs nothing when it is installed", () => {
    const hooks = /^(pre|post)?(install|prepare)$|^(pre)?publish$/;
    expect(Object.keys(packed(name).manifest.scripts ?? {}).filter((script) => hooks.test(script))).toEqual(
      [],
    );
  });

  test("does not point at sources, at the workspace or at the catalog", () => {
    const { manifest } = packed(name);
    const { scripts: _scripts, ...published } = manifest;
    expect(JSON.stringify(published)).not.toMatch(/"source"|\.\/src\/|workspace:|catalog:/);
  });

  test("keeps its published exports in step with its own", () => {
    const own = JSON.parse(readFileSync(join(packed(name).folder, "package.json"), "utf8")).exports;
    const withoutSource = JSON.parse(
      JSON.stringify(own, (key, value) => (key === "source" ? undefined : value)),
    );
    expect(packed(name).manifest.exports).toEqual(withoutSource);
  });

  test("knows no path of the machine it was built on", () => {
    const { files, readText } = packed(name);
    const paths = [repositoryRoot, `${homedir()}/`, `${tmpdir()}/`, "file:///", "sourceMappingURL="];
    const found = files.flatMap((file) => {
      const text = readText(file);
      return paths.filter((path) => text.includes(path)).map((path) => `${file} has ${path}`);
    });
    expect(found).toEqual([]);
  });

  test("is no larger than its limit", () => {
    const { files, readText } = packed(name);
    const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(readText(file)), 0);
    expect(bytes / 1024).toBeLessThan(sizeLimits[name] ?? driverSizeLimit);
  });

  test("satisfies publint", async () => {
    const data = readFileSync(packed(name).tarball);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("has types that resolve the way its code does", async () => {
    const analysis = await checkPackage(packed(name).contents);
    if (analysis.types === false) throw new Error(`${name} has no types`);
    // The packages are ES modules: resolution before Node 12 and `require` before Node 22 are not supported.
    const unsupported = new Set(["node10", "node16-cjs"]);
    const problems = analysis.problems.filter(
      (problem) => !("resolutionKind" in problem && unsupported.has(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });
});

test("core has no runtime dependency, and each driver has at most its one library, as a peer", () => {
  expect(packed("@skillmeat/migrate-core").manifest.dependencies ?? {}).toEqual({});
  expect(packed("@skillmeat/migrate-core").manifest.peerDependencies ?? {}).toEqual({});
  for (const driver of packages.filter(({ name }) => name.includes("-driver-"))) {
    expect(Object.keys(driver.manifest.dependencies ?? {})).toEqual(["@skillmeat/migrate-core"]);
    expect(Object.keys(driver.manifest.peerDependencies ?? {}).length).toBeLessThanOrEqual(1);
  }
});

describe("an empty project with the tarballs installed", () => {
  const project = join(place, "project");
  const readme = readFileSync(join(repositoryRoot, "README.md"), "utf8");

  beforeAll(() => {
    mkdirSync(project);
    writeFileSync(
      join(project, "package.json"),
      '{ "name": "consumer", "private": true, "type": "module" }\n',
    );
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    execFileSync("npm", ["install", ...options, ...installed().map(({ tarball }) => tarball)], {
      cwd: project,
      stdio: "pipe",
    });
  }, 120_000);

  test("runs the README's smallest program, with the output that the README shows", () => {
    writeFileSync(join(project, "notes.ts"), firstFence(readme, "ts"));
    expect(run(process.execPath, ["notes.ts"])).toEqual({
      status: 0,
      stdout: firstFence(readme, "text"),
      stderr: "",
    });
  });

  test("type-checks every TypeScript example of the READMEs strictly, libraries included", () => {
    const examples = [readme, ...installed().map(({ readText }) => readText("README.md"))]
      .flatMap(listFences)
      .filter(({ language }) => language === "ts");
    const files = examples.map(({ text }, index) => {
      writeFileSync(join(project, `example-${index}.ts`), text);
      return `example-${index}.ts`;
    });
    const imports = installed()
      .flatMap(importable)
      .map((specifier, index) => `export * as m${index} from "${specifier}";`);
    writeFileSync(join(project, "imports.ts"), `${imports.join("\n")}\n`);
    const compilerOptions = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(repositoryRoot, "node_modules", "@types")],
    };
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: [...files, "imports.ts"] }),
    );
    const tsc = join(repositoryRoot, "node_modules", "typescript", "bin", "tsc");
    expect(run(process.execPath, [tsc, "-p", "."])).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(examples.length).toBeGreaterThan(3);
  });

  test("imports every published entry", () => {
    const specifiers = installed().flatMap(importable);
    const script = `for (const s of ${JSON.stringify(specifiers)}) await import(s);`;
    expect(run(process.execPath, ["--input-type=module", "--eval", script])).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("has the command, which upgrades a database and finds it current afterwards", () => {
    const url = join(project, "cache.db");
    const command = join(project, "node_modules", ".bin", "skillmeat-migrate");
    expect(run(command, ["upgrade", "--url", url])).toMatchObject({ status: 0 });
    const size = statSync(url).size;
    const check = run(command, ["check", "--url", url]);
    expect({ ...check, size: statSync(url).size }).toMatchObject({ status: 0, size });
    expect(run(command, ["current", "--url", url]).stdout).toContain("001_initial_schema (head)");
  });

  function run(file: string, args: readonly string[]) {
    const environment = { PATH: process.env["PATH"] ?? "", HOME: project };
    const { status, stdout, stderr } = spawnSync(file, args, {
      cwd: project,
      env: environment,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }
});

/** The command and what it needs: the libraries of the others are large, and tested where these packages are. */
function installed(): readonly PackedPackage[] {
  const command = packed("@skillmeat/migrate-cli");
  const needed = new Set([command.name, ...Object.keys(command.manifest.dependencies ?? {})]);
  return packages.filter(({ name }) => needed.has(name));
}

function importable({ name, manifest }: PackedPackage): readonly string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target !== "string")
    .map(([subpath]) => name + subpath.slice(1));
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
