import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readRevisionDirectory, type RevisionDirectory } from "../../src/script/read-revision-directory.ts";
import { readKnownHeads } from "../../src/script/read-known-heads.ts";
import type { HeaderCacheOptions } from "../../src/script/header-cache-options.ts";
import { importNatively, makeDirectory, revisionText, writeInto } from "./project.ts";

/** The clock stands an hour ahead of the files unless a test says otherwise: everything has settled. */
const settle = (milliseconds = 3_600_000): void => {
  vi.setSystemTime(Date.now() + milliseconds);
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  settle();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Project {
  readonly revisions: string;
  readonly cache: string;
}

const chain = (length: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `revisions/${index}.mjs`,
      revisionText(`r${index}`, index === 0 ? null : `r${index - 1}`, `message: "é ${index}",`),
    ]),
  );

function makeProject(files: Readonly<Record<string, string>> = chain(5)): Project {
  const directory = makeDirectory(files);
  return { revisions: join(directory, "revisions"), cache: join(directory, "cache") };
}

const optionsOf = ({ cache }: Project, more: HeaderCacheOptions = {}) => ({
  headerCache: { directory: cache, minimumFiles: 1, ...more },
  importModule: importNatively,
});

const read = async (project: Project, more?: HeaderCacheOptions): Promise<RevisionDirectory> =>
  await readRevisionDirectory(project.revisions, optionsOf(project, more));

const readPlainly = async ({ revisions }: Project): Promise<RevisionDirectory> =>
  await readRevisionDirectory(revisions, { headerCache: false, importModule: importNatively });

const knownHeads = (project: Project, more?: HeaderCacheOptions) =>
  readKnownHeads(project.revisions, optionsOf(project, more));

const outline = ({ sources, problems }: RevisionDirectory): unknown => [
  sources.map(({ info, path, headerSource }) => ({ info, path, headerSource })),
  problems.map(({ path, error }) => ({ path, code: error.code })),
];

/** Names of the revision files whose text is read while `work` runs. */
async function countReads(work: () => unknown): Promise<readonly string[]> {
  const spy = vi.spyOn(process.getBuiltinModule("node:fs"), "readFileSync");
  await work();
  const names = spy.mock.calls.map(([path]) => String(path)).filter((path) => path.endsWith(".mjs"));
  spy.mockRestore();
  // Node.js reads a file that is imported once more.
  return [...new Set(names.map((path) => path.slice(dirname(path).length + 1)))];
}

const cacheFile = ({ cache }: Project): string => join(cache, readdirSync(cache)[0] ?? "none");

test("headers that were read once are read from the cache, and are the same", async () => {
  const project = makeProject();
  expect(await countReads(async () => await read(project))).toHaveLength(5);
  let second: RevisionDirectory | undefined;
  expect(await countReads(async () => (second = await read(project)))).toEqual([]);
  expect(outline(second ?? { sources: [], problems: [] })).toEqual(outline(await readPlainly(project)));
});

test("every field of a header comes back from the cache", async () => {
  const fields =
    'branchLabels: "l", dependsOn: ["a"], replaces: ["x", "y"], minimumReader: "a", message: "m", createDate: "d",';
  const project = makeProject({
    "revisions/1.mjs": revisionText("a", null),
    "revisions/2.mjs": revisionText("b", null, fields),
  });
  const first = await read(project);
  let second: RevisionDirectory | undefined;
  expect(await countReads(async () => (second = await read(project)))).toEqual([]);
  expect(outline(second ?? { sources: [], problems: [] })).toEqual(outline(first));
  expect(second?.sources[1]?.info).toEqual({
    revision: "b",
    downRevision: null,
    branchLabels: "l",
    dependsOn: ["a"],
    replaces: ["x", "y"],
    minimumReader: "a",
    message: "m",
    createDate: "d",
  });
});

test("the cache is one file that only its owner can read", async () => {
  const project = makeProject();
  await read(project);
  expect(readdirSync(project.cache)).toHaveLength(1);
  expect(statSync(project.cache).mode & 0o777).toBe(0o700);
  expect(statSync(cacheFile(project)).mode & 0o777).toBe(0o600);
});

test("the cache is written once, not on every reading", async () => {
  const project = makeProject();
  await read(project);
  const { ino } = statSync(cacheFile(project));
  await read(project);
  await read(project, { trust: "names" });
  expect(statSync(cacheFile(project)).ino).toBe(ino);
});

describe("an edit is noticed:", () => {
  const other = revisionText("x3", "r2", 'message: "é 3",');
  const edits: readonly (readonly [
    title: string,
    edit: (directory: string) => void,
    reads: readonly string[],
  ])[] = [
    [
      "written over in place with the same size",
      (directory) => writeFileSync(join(directory, "3.mjs"), other),
      ["3.mjs"],
    ],
    ["appended to", (directory) => appendFileSync(join(directory, "3.mjs"), "// x"), ["3.mjs"]],
    [
      "written over and its time put back",
      (directory) => {
        const path = join(directory, "3.mjs");
        const { atime, mtime } = statSync(path);
        writeFileSync(path, other);
        utimesSync(path, atime, mtime);
      },
      ["3.mjs"],
    ],
    [
      "replaced by a renamed file with the same time and size",
      (directory) => {
        const path = join(directory, "3.mjs");
        const { atime, mtime } = statSync(path);
        writeFileSync(join(directory, "new"), other);
        utimesSync(join(directory, "new"), atime, mtime);
        renameSync(join(directory, "new"), path);
      },
      ["3.mjs"],
    ],
    ["removed", (directory) => rmSync(join(directory, "3.mjs")), []],
    ["added", (directory) => writeFileSync(join(directory, "31.mjs"), other), ["31.mjs"]],
    ["renamed", (directory) => renameSync(join(directory, "3.mjs"), join(directory, "9.mjs")), ["9.mjs"]],
    ["broken", (directory) => writeFileSync(join(directory, "3.mjs"), "export const x = 1"), ["3.mjs"]],
  ];

  test.each(edits)("%s", async (_, edit, reads) => {
    const project = makeProject();
    await read(project);
    expect(knownHeads(project)).toEqual({ heads: ["r4"], realHeads: ["r4"] });
    edit(project.revisions);
    expect(knownHeads(project)).toBeNull();
    let second: RevisionDirectory | undefined;
    expect(await countReads(async () => (second = await read(project)))).toEqual(reads);
    expect(outline(second ?? { sources: [], problems: [] })).toEqual(outline(await readPlainly(project)));
  });
});

test("any sequence of edits and readings gives what reading every file gives", async () => {
  const edit = fc.record({
    kind: fc.constantFrom("write", "remove", "rename"),
    file: fc.integer({ min: 0, max: 9 }),
    revision: fc.constantFrom("a", "b", "c"),
    settle: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async (edits) => {
      const project = makeProject();
      for (const { kind, file, revision, ...step } of edits) {
        const path = join(project.revisions, `${file}.mjs`);
        if (kind === "write") writeFileSync(path, revisionText(revision, null));
        else if (kind === "remove") rmSync(path, { force: true });
        else if (existsSync(path)) renameSync(path, join(project.revisions, `${file}x.mjs`));
        // A real clock: what was just written has not settled.
        vi.setSystemTime(step.settle ? Date.now() + 3_600_000 : performance.timeOrigin + performance.now());
        expect(outline(await read(project))).toEqual(outline(await readPlainly(project)));
      }
    }),
    { numRuns: 25 },
  );
});

test("a file that has changed within the last two seconds is not kept", async () => {
  const project = makeProject();
  settle(-3_600_000);
  await read(project);
  expect(await countReads(async () => await read(project))).toHaveLength(5);
  settle(2_500);
  await read(project);
  expect(await countReads(async () => await read(project))).toEqual([]);
});

describe("a cache that cannot be believed is not used, and replaced:", () => {
  const lines = (change: (parts: string[]) => void) => (path: string) => {
    const parts = readFileSync(path, "utf8").split("\n");
    change(parts);
    writeFileSync(path, parts.join("\n"));
  };
  const damages: readonly (readonly [title: string, damage: (path: string) => void])[] = [
    ["empty", (path) => writeFileSync(path, "")],
    ["cut off", (path) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
    ["cut off in its first line", (path) => writeFileSync(path, readFileSync(path).subarray(0, 20))],
    [
      "of another version",
      lines((parts) => (parts[0] = (parts[0] ?? "").replace(/"version":\d+/, '"version":1'))),
    ],
    [
      "of another directory",
      lines((parts) => (parts[0] = (parts[0] ?? "").replace(/"root":"/, '"root":"/x'))),
    ],
    ["with headers that are none", lines((parts) => (parts[3] = '[["a"],[1,2],[],{},5]'))],
    ["with too few headers", lines((parts) => (parts[3] = "[]"))],
    ["with headers of a wrong type", lines((parts) => (parts[3] = (parts[3] ?? "").replace('"r0"', "7")))],
    ["writable for others", (path) => chmodSync(path, 0o666)],
    [
      "a symbolic link",
      (path) => {
        renameSync(path, `${path}.moved`);
        symlinkSync(`${path}.moved`, path);
      },
    ],
    [
      "a pipe",
      (path) => {
        rmSync(path);
        execFileSync("mkfifo", [path]);
      },
    ],
    [
      "a directory",
      (path) => {
        rmSync(path);
        writeInto(path, "x", "");
      },
    ],
  ];

  test.each(damages)("%s", async (title, damage) => {
    const project = makeProject();
    await read(project);
    damage(cacheFile(project));
    let second: RevisionDirectory | undefined;
    expect(await countReads(async () => (second = await read(project)))).toHaveLength(5);
    expect(outline(second ?? { sources: [], problems: [] })).toEqual(outline(await readPlainly(project)));
    if (title === "a directory") return;
    expect(await countReads(async () => await read(project))).toEqual([]);
  });

  test("one with other headers for unchanged files is caught when they are loaded", async () => {
    const project = makeProject();
    await read(project);
    lines((parts) => (parts[3] = (parts[3] ?? "").replace('"r4"', '"r5"')))(cacheFile(project));
    const { sources } = await read(project);
    await expect(sources[4]?.load()).rejects.toMatchObject({ code: "SKM_SCRIPT_EXPORT" });
  });
});

describe("where nothing can be kept, everything is read:", () => {
  test("the cache directory cannot be made", async () => {
    const project = makeProject();
    writeFileSync(project.cache, "a file");
    expect(outline(await read(project))).toEqual(outline(await readPlainly(project)));
    expect(await countReads(async () => await read(project))).toHaveLength(5);
    expect(readFileSync(project.cache, "utf8")).toBe("a file");
  });

  test("there is neither a node_modules nor a home", async () => {
    const project = makeProject();
    for (const name of ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"]) vi.stubEnv(name, undefined);
    const options = { headerCache: { minimumFiles: 1 } };
    expect((await readRevisionDirectory(project.revisions, options)).sources).toHaveLength(5);
    expect(readKnownHeads(project.revisions, options)).toBeNull();
  });

  test("the directory has few files, or keeping is turned off", async () => {
    const project = makeProject();
    await read(project, { minimumFiles: 6 });
    await readRevisionDirectory(project.revisions, { headerCache: false });
    expect(existsSync(project.cache)).toBe(false);
    expect(knownHeads(project, { minimumFiles: 6 })).toBeNull();
  });
});

describe("without a directory of its own, the cache is kept", () => {
  test("in the nearest node_modules", async () => {
    const root = makeDirectory({ ...chain(2), "node_modules/x/package.json": "{}" });
    await readRevisionDirectory(join(root, "revisions"), { headerCache: { minimumFiles: 1 } });
    expect(readdirSync(join(root, "node_modules", ".cache", "skillmeat-migrate"))).toHaveLength(1);
  });

  test("in the user's cache directory", async () => {
    const { revisions, cache } = makeProject();
    vi.stubEnv("XDG_CACHE_HOME", cache);
    await readRevisionDirectory(revisions, { headerCache: { minimumFiles: 1 } });
    expect(readdirSync(join(cache, "skillmeat-migrate"))).toHaveLength(1);
    expect(readdirSync(revisions)).toHaveLength(5);
  });
});

describe("with trust in names", () => {
  test("no file is looked at while the directory is as it was", async () => {
    const project = makeProject();
    await read(project, { trust: "names" });
    const looks = vi.spyOn(process.getBuiltinModule("node:fs"), "lstatSync");
    const second = await read(project, { trust: "names" });
    expect(knownHeads(project, { trust: "names" })).toEqual({ heads: ["r4"], realHeads: ["r4"] });
    expect(looks).not.toHaveBeenCalled();
    expect(outline(second)).toEqual(outline(await readPlainly(project)));
  });

  test("a file written over in place goes unnoticed, one that is replaced or added does not", async () => {
    const project = makeProject();
    await read(project, { trust: "names" });
    writeFileSync(join(project.revisions, "4.mjs"), revisionText("x", "r3"));
    expect(knownHeads(project, { trust: "names" })?.heads).toEqual(["r4"]);
    writeFileSync(join(project.revisions, "5.mjs"), revisionText("r5", "x"));
    expect(knownHeads(project, { trust: "names" })).toBeNull();
    expect(outline(await read(project, { trust: "names" }))).toEqual(outline(await readPlainly(project)));
  });

  test("a directory that has just changed is not trusted", async () => {
    const project = makeProject();
    settle(-3_600_000 + 2_500);
    writeFileSync(join(project.revisions, "5.mjs"), revisionText("r5", "r4"));
    settle(-2_500);
    await read(project, { trust: "names" });
    expect(knownHeads(project, { trust: "names" })).toBeNull();
  });
});

describe("the newest revisions are known without headers", () => {
  test("from the second time on", async () => {
    const project = makeProject();
    expect(knownHeads(project)).toBeNull();
    await read(project);
    expect(
      await countReads(() => expect(knownHeads(project)).toEqual({ heads: ["r4"], realHeads: ["r4"] })),
    ).toEqual([]);
  });

  test("as the graph has them, with dependencies", async () => {
    const project = makeProject({
      "revisions/1.mjs": revisionText("a", null),
      "revisions/2.mjs": revisionText("b", null, 'dependsOn: "a",'),
      "revisions/3.mjs": revisionText("c", "b"),
    });
    await read(project);
    expect(knownHeads(project)).toEqual({ heads: ["a", "c"], realHeads: ["c"] });
  });

  const unsound: readonly (readonly [title: string, files: Readonly<Record<string, string>>])[] = [
    [
      "a header is computed",
      {
        "revisions/6.mjs":
          'export const revision = "a" + "b", downRevision = null; export const upgrade = () => {}',
      },
    ],
    ["a file is broken", { "revisions/6.mjs": "x" }],
    ["an id stands twice", { "revisions/6.mjs": revisionText("r1", null) }],
    ["a parent is missing", { "revisions/6.mjs": revisionText("r6", "nope") }],
  ];
  test.each(unsound)("but not when %s", async (_, files) => {
    const project = makeProject({ ...chain(5), ...files });
    await read(project);
    await read(project);
    expect(knownHeads(project)).toBeNull();
  });

  test("but not when a file is a symbolic link", async () => {
    const project = makeProject({ ...chain(5), "revisions/.store/6.mjs": revisionText("r6", "r4") });
    symlinkSync(join(".store", "6.mjs"), join(project.revisions, "6.mjs"));
    const { sources } = await read(project);
    expect(sources).toHaveLength(6);
    expect(knownHeads(project)).toBeNull();
  });
});

test("a computed header is remembered as such, and imported again", async () => {
  const text =
    'export const revision = "A".toLowerCase(); export const downRevision = null; export const upgrade = () => {}';
  const project = makeProject({ "revisions/1.mjs": text });
  await read(project);
  let second: RevisionDirectory | undefined;
  expect(await countReads(async () => (second = await read(project)))).toEqual([]);
  expect(second?.sources).toMatchObject([{ info: { revision: "a" }, headerSource: "import" }]);
});

test("recursive and flat readings of one directory are kept apart", async () => {
  const project = makeProject({ ...chain(2), "revisions/sub/1.mjs": revisionText("s", null) });
  const options = { ...optionsOf(project), recursive: true };
  await read(project);
  expect((await readRevisionDirectory(project.revisions, options)).sources).toHaveLength(3);
  expect(readdirSync(project.cache)).toHaveLength(2);
  writeInto(project.revisions, "sub/2.mjs", revisionText("s2", "s"));
  expect(readKnownHeads(project.revisions, options)).toBeNull();
  expect(knownHeads(project)?.heads).toEqual(["r1"]);
});
