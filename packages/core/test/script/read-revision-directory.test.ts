import { chmodSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { isMigrationError, type MigrationError } from "../../src/errors/migration-error.ts";
import {
  readRevisionDirectory,
  type ReadDirectoryOptions,
  type RevisionDirectory,
} from "../../src/script/read-revision-directory.ts";
import { exposeGarbageCollector, importNatively, makeDirectory, revisionText, writeInto } from "./project.ts";

const read = async (
  directories: Parameters<typeof readRevisionDirectory>[0],
  options: ReadDirectoryOptions = {},
): Promise<RevisionDirectory> =>
  await readRevisionDirectory(directories, { importModule: importNatively, headerCache: false, ...options });

const ids = ({ sources }: RevisionDirectory): readonly string[] => sources.map(({ info }) => info.revision);

/** What goes wrong with one file, whether its header or its body shows it. */
async function failureOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<MigrationError | undefined> {
  const { sources, problems } = await read(makeDirectory(files));
  if (problems[0] !== undefined) return problems[0].error;
  const error: unknown = await sources[0]?.load().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !isMigrationError(error)) throw error;
  return error;
}

describe("a malformed revision file is reported", () => {
  const header = 'export const revision = "a"; export const downRevision = null;';
  const rows: readonly (readonly [
    title: string,
    name: string,
    text: string | Uint8Array,
    code: string,
    says: RegExp,
  ])[] = [
    [
      "syntax error",
      "a.mjs",
      `${header}\nexport function upgrade( {`,
      "SKM_SCRIPT_SYNTAX",
      /a\.mjs:2:27": Unexpected end of input\n {2}export function upgrade\( \{\n {28}\^$/,
    ],
    [
      "syntax error in TypeScript",
      "a.ts",
      `${header}\nconst a: = 2;`,
      "SKM_SCRIPT_SYNTAX",
      /a\.ts:2:10": .*\n {2}const a: = 2;\n {11}\^$/,
    ],
    [
      "a name declared twice",
      "a.mjs",
      `${header}\nconst x = 1;\n\tconst x = 2;`,
      "SKM_SCRIPT_SYNTAX",
      /a\.mjs:3:8": Identifier 'x' has already been declared\n {3}const x = 2;\n {9}\^$/,
    ],
    [
      "a name declared twice in TypeScript",
      "a.mts",
      `${header}\nconst x: number = 1;\r\nconst x = 2;`,
      "SKM_SCRIPT_SYNTAX",
      /a\.mts:3:7": Identifier 'x'/,
    ],
    ["merge conflict", "a.js", `<<<<<<< HEAD\n${header}\n=======\n`, "SKM_SCRIPT_SYNTAX", /a\.js:1:1"/],
    ["no revision", "a.mjs", "export const x = 1", "SKM_SCRIPT_EXPORT", /has no "revision"/],
    ["nothing", "a.mjs", "", "SKM_SCRIPT_EXPORT", /has no "revision"/],
    [
      "revision not a string",
      "a.mjs",
      "export const revision = 5; export const downRevision = null",
      "SKM_SCRIPT_EXPORT",
      /"revision": expected .*, got number "5"/,
    ],
    ["revision empty", "a.mjs", revisionText("", null), "SKM_SCRIPT_EXPORT", /"revision"/],
    [
      "no downRevision",
      "a.mjs",
      'export const revision = "a"; export function upgrade() {}',
      "SKM_SCRIPT_EXPORT",
      /has no "downRevision"/,
    ],
    [
      "downRevision undefined",
      "a.mjs",
      'export default { revision: "a", downRevision: undefined, upgrade() {} }',
      "SKM_SCRIPT_EXPORT",
      /has no "downRevision"/,
    ],
    [
      "downRevision empty",
      "a.mjs",
      'export default { revision: "a", downRevision: [], upgrade() {} }',
      "SKM_SCRIPT_EXPORT",
      /got an empty array/,
    ],
    [
      "downRevision of numbers",
      "a.mjs",
      'export default { revision: "a", downRevision: [1], upgrade() {} }',
      "SKM_SCRIPT_EXPORT",
      /an array that holds number "1"/,
    ],
    [
      "dependsOn not a string",
      "a.mjs",
      'export default { revision: "a", downRevision: null, dependsOn: {}, upgrade() {} }',
      "SKM_SCRIPT_EXPORT",
      /"dependsOn": .* got an object/,
    ],
    [
      "message not a string",
      "a.mjs",
      'export default { revision: "a", downRevision: null, message: 1, upgrade() {} }',
      "SKM_SCRIPT_EXPORT",
      /"message"/,
    ],
    [
      "Alembic's spelling",
      "a.mjs",
      'export const revision = "a"; export const down_revision = null; export function upgrade() {}',
      "SKM_SCRIPT_EXPORT",
      /has "down_revision" where "downRevision" is meant/,
    ],
    [
      "a misspelt optional field",
      "a.mjs",
      revisionText("a", null, 'depends_on: "b",'),
      "SKM_SCRIPT_EXPORT",
      /has "depends_on" where "dependsOn" is meant/,
    ],
    [
      "upgrade not a function",
      "a.mjs",
      `${header} export const upgrade = 1`,
      "SKM_SCRIPT_EXPORT",
      /"upgrade": expected a function, got number "1"/,
    ],
    ["upgrade missing", "a.mjs", header, "SKM_SCRIPT_EXPORT", /has no "upgrade"/],
    [
      "downgrade not a function",
      "a.mjs",
      revisionText("a", null, 'downgrade: "x",'),
      "SKM_SCRIPT_EXPORT",
      /"downgrade"/,
    ],
    [
      "default export no object",
      "a.mjs",
      "export default 5",
      "SKM_SCRIPT_EXPORT",
      /must export a revision as default, not number "5"/,
    ],
    ["default export a promise", "a.mjs", "export default null", "SKM_SCRIPT_EXPORT", /as default, not null/],
    [
      "a getter that throws",
      "a.mjs",
      'export default { get revision() { throw new Error("no") } }',
      "SKM_SCRIPT_LOAD",
      /Error: no/,
    ],
    [
      "throws at load",
      "a.mjs",
      `${header} throw new Error("x")`,
      "SKM_SCRIPT_LOAD",
      /cannot load revision file ".*a\.mjs": Error: x$/,
    ],
    [
      "throws undefined",
      "a.mjs",
      `${header} throw undefined`,
      "SKM_SCRIPT_LOAD",
      /throws "undefined", which is not an Error/,
    ],
    [
      "throws a string with control characters",
      "a.mjs",
      `${header} throw "\\u001b[2J"`,
      "SKM_SCRIPT_LOAD",
      /"\\x1b\[2J"/,
    ],
    ["throws null", "a.mjs", `${header} throw null`, "SKM_SCRIPT_LOAD", /"null"/],
    [
      "throws a SyntaxError of its own",
      "a.mjs",
      `${header} JSON.parse("{")`,
      "SKM_SCRIPT_LOAD",
      /SyntaxError/,
    ],
    ["import missing", "a.mjs", `import "./nope";\n${header}`, "SKM_SCRIPT_LOAD", /Cannot find module/],
    [
      "import of a missing package",
      "a.mjs",
      `import "no-such-package";\n${header}`,
      "SKM_SCRIPT_LOAD",
      /Cannot find package/,
    ],
    [
      "import of a missing name",
      "a.mjs",
      `import { nope } from "node:fs";\n${header}`,
      "SKM_SCRIPT_LOAD",
      /does not provide an export/,
    ],
    ["CommonJS", "a.mjs", `module.exports = { revision: "a" }`, "SKM_SCRIPT_LOAD", /module is not defined/],
    [
      "process.exit(0) at load",
      "a.mjs",
      `${header} process.exit(0)`,
      "SKM_SCRIPT_EXIT",
      /calls process\.exit\(\) while it is loaded/,
    ],
    [
      "process.exit() that is caught",
      "a.mjs",
      `${header} export function upgrade() {} try { process.exit() } catch {}`,
      "SKM_SCRIPT_EXIT",
      /process\.exit\(\)/,
    ],
    [
      "exit by its imported name",
      "a.mjs",
      `import { exit } from "node:process"; ${header} exit(0)`,
      "SKM_SCRIPT_EXIT",
      /process\.exit\(\)/,
    ],
    [
      "an enum",
      "a.ts",
      `${header}\nenum X { A }`,
      "SKM_SCRIPT_SYNTAX",
      /a\.ts:2:1": TypeScript enum is not supported/,
    ],
    [
      "an enum of several lines",
      "a.ts",
      `${header}\n\tenum X {\n  A,\n}`,
      "SKM_SCRIPT_SYNTAX",
      /a\.ts:2": .*\n {3}enum X \{\n {3}\^$/,
    ],
    [
      "a namespace",
      "a.ts",
      `namespace N { export const x = 1 }\n${header}`,
      "SKM_SCRIPT_SYNTAX",
      /a\.ts:1:1": TypeScript namespace/,
    ],
    [".ts under node_modules", "node_modules/p/a.ts", header, "SKM_SCRIPT_LOAD", /node_modules/],
    [
      "UTF-16",
      "a.ts",
      Buffer.from(`\uFEFF${header}`, "utf16le"),
      "SKM_SCRIPT_SYNTAX",
      /it is not UTF-8 text/,
    ],
    [
      "UTF-16 without a mark",
      "a.ts",
      Buffer.from(header, "utf16le"),
      "SKM_SCRIPT_SYNTAX",
      /it is not UTF-8 text/,
    ],
    [
      "random bytes",
      "a.js",
      Uint8Array.from({ length: 300 }, (_, index) => (index * 151 + 137) % 256),
      "SKM_SCRIPT_SYNTAX",
      /not UTF-8/,
    ],
    [
      "a broken file behind an import",
      "a.mjs",
      `import "./.b.mjs";\n${header}`,
      "SKM_SCRIPT_SYNTAX",
      /a\.mjs": Unexpected/,
    ],
    [
      "an extended prototype",
      "a.mjs",
      `${header} export function upgrade() {} Object.prototype.polluted = 1`,
      "SKM_SCRIPT_POLLUTION",
      /changes Object\.prototype: "polluted"/,
    ],
    [
      "a replaced prototype method",
      "a.mjs",
      `${header} export function upgrade() {} Object.prototype.toLocaleString = () => ""`,
      "SKM_SCRIPT_POLLUTION",
      /"toLocaleString"/,
    ],
    [
      "a header that changes after it is read",
      "a.mjs",
      `export default defineRevision({ revision: "a", downRevision: null, upgrade() {} });\nimport { defineRevision } from "./.define.mjs";`,
      "SKM_SCRIPT_EXPORT",
      /has no "revision"/,
    ],
  ];

  test.each(rows)("%s", async (_, name, text, code, says) => {
    const file = name.includes("/")
      ? { [name]: text }
      : { [name]: text, ".b.mjs": "const = 1", ".define.mjs": "export const defineRevision = () => ({})" };
    const directory = makeDirectory(file);
    const path = join(directory, name);
    const { sources, problems } = await read(join(path, ".."));
    const error = problems[0]?.error ?? (await sources[0]?.load().catch((reason: unknown) => reason));
    expect(error).toMatchObject({ name: "MigrationError", code, exitCode: 4, details: { path } });
    expect((error as MigrationError).message).toMatch(says);
    expect((error as MigrationError).hint ?? "").not.toMatch(/^[A-Z](?!ode\.js)|\.$/);
    expect(sources.length + problems.length).toBe(1);
  });

  test("with what to do when its package is CommonJS", async () => {
    const error = await failureOf({
      "a.ts": revisionText("a", null),
      "package.json": '{ "type": "commonjs" }',
    });
    expect(error).toMatchObject({
      code: "SKM_SCRIPT_SYNTAX",
      hint: 'name the file .mts or .mjs, or set "type": "module" in package.json',
    });
  });

  test.each(["a.ts", "a.mjs"])("with what to do about an await in %s", async (name) => {
    const text = revisionText("a", null).replace(
      /upgrade\(op?\) \{/u,
      "upgrade(op) { await op.query('SELECT 1');",
    );
    const error = await failureOf({ [name]: text });
    expect(error).toMatchObject({ code: "SKM_SCRIPT_SYNTAX" });
    expect(error?.hint).toContain("async upgrade(op)");
  });

  test("with the file that it imports when the error lies there", async () => {
    const error = await failureOf({ "a.ts": 'import "./.b.ts"; throw 1', ".b.ts": "\nconst a: = 1;" });
    expect(error?.code).toBe("SKM_SCRIPT_SYNTAX");
    expect(error?.hint).toMatch(/^the error lies in ".*\.b\.ts:2", which it imports$/);
  });

  test("with the cause and its stack", async () => {
    const error = await failureOf({ "a.mjs": 'throw new Error("x")' });
    expect(error?.cause).toMatchObject({ message: "x", stack: expect.stringContaining("a.mjs:1:") });
  });

  test("and leaves nothing behind on the process", async () => {
    const exit: unknown = Reflect.get(process, "exit");
    await failureOf({ "a.mjs": "process.exit(0)" });
    await failureOf({ "a.mjs": "Object.prototype.left = 1; delete Object.prototype.isPrototypeOf" });
    expect(Reflect.get(process, "exit")).toBe(exit);
    expect("left" in {}).toBe(false);
    expect("isPrototypeOf" in {}).toBe(true);
    expect(process.listeners("exit").filter(({ name }) => name === "failExit")).toEqual([]);
  });

  test("together with all others, in load order, without hiding the healthy ones", async () => {
    const directory = makeDirectory({
      "1.mjs": "export function upgrade( {",
      "2.mjs": revisionText("two", null),
      "3.mjs": "export const x = 1",
      "4.mjs": "throw 1",
      "5.mjs": revisionText("five", "two"),
    });
    const result = await read(directory);
    expect(ids(result)).toEqual(["two", "five"]);
    expect(result.problems.map(({ path, error }) => [relative(directory, path), error.code])).toEqual([
      ["1.mjs", "SKM_SCRIPT_SYNTAX"],
      ["3.mjs", "SKM_SCRIPT_EXPORT"],
      ["4.mjs", "SKM_SCRIPT_LOAD"],
    ]);
  });

  test("as different from its text when a wrapper changes the header", async () => {
    const directory = makeDirectory({
      "define.js": "",
      "a.mjs": `import { defineRevision } from "./lib/define.mjs";
        export default defineRevision({ revision: "a", downRevision: null, upgrade() {} });`,
    });
    writeInto(directory, "lib/define.mjs", 'export const defineRevision = (x) => ({ ...x, revision: "b" });');
    const { sources } = await read(directory);
    const source = sources.find(({ info }) => info.revision === "a");
    await expect(source?.load()).rejects.toMatchObject({
      code: "SKM_SCRIPT_EXPORT",
      message: expect.stringContaining('exports revision "b", but its text says "a"') as string,
    });
  });
});

describe("a revision file may", () => {
  const accepted: readonly (readonly [
    title: string,
    name: string,
    text: string | Uint8Array,
    headerSource: string,
  ])[] = [
    [
      "have no downgrade",
      "a.mjs",
      'export default { revision: "a", downRevision: null, upgrade() {} }',
      "scan",
    ],
    [
      "have a byte order mark and CRLF",
      "a.mjs",
      `\uFEFF// é\r\n${revisionText("a", null).replaceAll("\n", "\r\n")}`,
      "scan",
    ],
    ["have a byte order mark in TypeScript", "a.ts", `\uFEFF// é\r\n${revisionText("a", null)}`, "scan"],
    ["have a name with ? # % and spaces", "we?ird#na me%20.mjs", revisionText("a", null), "scan"],
    ["contain the replacement character", "a.mjs", revisionText("a", null, 'message: "\uFFFD",'), "scan"],
    [
      "compute its header",
      "a.mjs",
      'export const revision = "A".toLowerCase(); export const downRevision = null; export const upgrade = () => {}',
      "import",
    ],
    [
      "write null for optional fields",
      "a.mjs",
      revisionText("a", null, "branchLabels: null, dependsOn: null, message: null,"),
      "scan",
    ],
    [
      "be CommonJS compiled from a module",
      "a.js",
      'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = { revision: "a", downRevision: null, upgrade() {} };',
      "import",
    ],
  ];

  test.each(accepted)("%s", async (_, name, text, headerSource) => {
    const packageJson = name.endsWith(".js") ? '{ "type": "commonjs" }' : "{}";
    const directory = makeDirectory({ [name]: text, "package.json": packageJson });
    const { sources, problems } = await read(directory);
    expect(problems).toEqual([]);
    expect(sources).toMatchObject([
      { info: { revision: "a", downRevision: null }, path: join(directory, name), headerSource },
    ]);
    const revision = await sources[0]?.load();
    expect(revision).toMatchObject({ revision: "a", downRevision: null, dependsOn: undefined });
    expect(await sources[0]?.load()).toBe(revision);
  });

  test("use `this` in its bodies", async () => {
    const directory = makeDirectory({
      "a.mjs":
        'export default { revision: "a", downRevision: null, table: "t", upgrade(op) { op.seen = this.table } }',
    });
    const { sources } = await read(directory);
    const op = { seen: "" };
    await (await sources[0]?.load())?.upgrade.call(undefined, op as never);
    expect(op.seen).toBe("t");
  });
});

test("no file is imported for its header, and each once for its body, in turn", async () => {
  const texts = Array.from(
    { length: 30 },
    (_, index) => [`${index}.mjs`, revisionText(`r${index}`, null)] as const,
  );
  const directory = makeDirectory(Object.fromEntries(texts));
  const imported: string[] = [];
  let running = 0;
  const importModule = async (url: string): Promise<unknown> => {
    imported.push(url);
    running += 1;
    expect(running).toBe(1);
    const exported = await importNatively(url);
    running -= 1;
    return exported;
  };
  const { sources } = await read(directory, { importModule });
  expect(sources).toHaveLength(30);
  expect(imported).toEqual([]);
  await Promise.all([...sources, ...sources].map(async (source) => await source.load()));
  expect(imported).toEqual(sources.map(({ path }) => pathToFileURL(path ?? "").href));
});

test.each([
  ["plain", '"'],
  ["unusual", "`"],
])("a header in a %s form does not keep the text of its file in memory", async (_, quote) => {
  const filler = `/* ${"x".repeat(1_000_000)} */`;
  const texts = Array.from({ length: 50 }, (__, index) => {
    const id = `${quote}a revision with a long id ${index}${quote}`;
    return [
      `${index}.mjs`,
      `export default { revision: ${id}, downRevision: null, message: ${id}, upgrade() {} } ${filler}`,
    ] as const;
  });
  const directory = makeDirectory(Object.fromEntries(texts));
  const collectGarbage = exposeGarbageCollector();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const { sources } = await read(directory);
  collectGarbage();
  expect(sources).toHaveLength(50);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
});

describe("a directory", () => {
  test("is listed by name, without editor files, declarations, tests and other files", async () => {
    const names = ["b.ts", "a.mts", "C.js", "c.mjs", "10.ts", "9.ts", "ä.ts"];
    const ignored = [
      ".x.ts.swp",
      ".#x.ts",
      "x.ts~",
      "#x.ts#",
      "x.test.ts",
      "x.spec.mjs",
      "x.d.ts",
      "x.d.mts",
      "x.cjs",
      "x.txt",
      "x.ts.orig",
      "README.md",
      ".hidden.ts",
      "sub/z.ts",
    ];
    const files = [...names, ...ignored].map((name) => [name, revisionText(name, null)] as const);
    const result = await read(makeDirectory(Object.fromEntries(files)));
    expect(ids(result)).toEqual(names.toSorted());
    expect(result.problems).toEqual([]);
  });

  test("named like a revision file is none", async () => {
    const directory = makeDirectory({ "a.ts/x.txt": "" });
    expect(await read(directory)).toEqual({ sources: [], problems: [] });
  });

  test("is read with its subdirectories when asked, except hidden ones and node_modules", async () => {
    const directory = makeDirectory({
      "b.mjs": revisionText("b", null),
      "a/2.mjs": revisionText("a2", null),
      "a/deep/1.mjs": revisionText("a1", null),
      "c/1.mjs": revisionText("c1", null),
      ".git/1.mjs": revisionText("no", null),
      "node_modules/1.mjs": revisionText("no", null),
    });
    expect(ids(await read(directory))).toEqual(["b"]);
    expect(ids(await read(directory, { recursive: true }))).toEqual(["a2", "a1", "b", "c1"]);
  });

  test("is one of several, each in its place, and a file that is in two of them counts once", async () => {
    const parent = makeDirectory({ "z/1.mjs": revisionText("z", null), "a/1.mjs": revisionText("a", null) });
    const [z, a] = [join(parent, "z"), join(parent, "a")];
    expect(ids(await read([z, a, z]))).toEqual(["z", "a"]);
    expect(ids(await read([a, parent], { recursive: true }))).toEqual(["a", "z"]);
    expect(ids(await read([pathToFileURL(`${z}/`), relative(process.cwd(), a)]))).toEqual(["z", "a"]);
  });

  test("may be reached through a symbolic link", async () => {
    const parent = makeDirectory({ "real/1.mjs": revisionText("r", null) });
    symlinkSync(join(parent, "real"), join(parent, "link"));
    expect(await read(join(parent, "link"))).toMatchObject({
      sources: [{ path: join(parent, "link", "1.mjs") }],
      problems: [],
    });
  });

  test.each([
    ["that does not exist", "nope", /does not exist/],
    ["that is a file", "file.ts", /is not a directory/],
    ["that is inside a file", "file.ts/x", /is not a directory/],
  ])("%s is refused with its absolute path", async (_, name, says) => {
    const parent = makeDirectory({ "file.ts": revisionText("a", null) });
    const error = await read(relative(process.cwd(), join(parent, name))).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "SKM_SCRIPT_DIR",
      exitCode: 4,
      details: { directory: join(parent, name) },
    });
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).toContain(`"${join(parent, name)}"`);
  });

  test("without a name is a wrong call", async () => {
    await expect(read("")).rejects.toThrow(TypeError);
  });
});

describe("a symbolic link", () => {
  test("out of the directory is refused unless links are followed", async () => {
    const outside = makeDirectory({ "x.mjs": revisionText("x", null) });
    const directory = makeDirectory({ "b.mjs": revisionText("b", null) });
    symlinkSync(join(outside, "x.mjs"), join(directory, "a.mjs"));
    const result = await read(directory);
    expect(ids(result)).toEqual(["b"]);
    expect(result.problems).toMatchObject([
      {
        path: join(directory, "a.mjs"),
        error: { code: "SKM_SCRIPT_OUTSIDE", details: { target: join(outside, "x.mjs"), directory } },
      },
    ]);
    expect(ids(await read(directory, { followSymlinks: true }))).toEqual(["x", "b"]);
  });

  test("to a neighbour with a longer name is out of the directory", async () => {
    const parent = makeDirectory({ "v/b.mjs": revisionText("b", null), "v2/x.mjs": revisionText("x", null) });
    symlinkSync("../v2/x.mjs", join(parent, "v", "a.mjs"));
    expect((await read(join(parent, "v"))).problems).toMatchObject([
      { error: { code: "SKM_SCRIPT_OUTSIDE" } },
    ]);
  });

  test("inside the directory is followed, and to a listed file ignored", async () => {
    const directory = makeDirectory({
      "b.mjs": revisionText("b", null),
      ".store/x.mjs": revisionText("x", null),
    });
    symlinkSync("b.mjs", join(directory, "a.mjs"));
    symlinkSync(join(".store", "x.mjs"), join(directory, "c.mjs"));
    expect(ids(await read(directory))).toEqual(["b", "x"]);
  });

  test("that leads nowhere, or round in circles, is reported", async () => {
    const directory = makeDirectory();
    symlinkSync("nope.mjs", join(directory, "a.mjs"));
    symlinkSync("b.mjs", join(directory, "b.mjs"));
    symlinkSync("nope", join(directory, "other"));
    const { problems } = await read(directory, { recursive: true });
    expect(problems.map(({ path, error }) => [relative(directory, path), error.code])).toEqual([
      ["a.mjs", "SKM_SCRIPT_LOAD"],
      ["b.mjs", "SKM_SCRIPT_LOAD"],
    ]);
  });

  test("to a directory is walked once, also when it leads back", async () => {
    const outside = makeDirectory({ "o.mjs": revisionText("o", null) });
    const directory = makeDirectory({ "a/1.mjs": revisionText("a", null) });
    symlinkSync("..", join(directory, "a", "up"));
    symlinkSync("a", join(directory, "again"));
    symlinkSync(outside, join(directory, "out"));
    const inside = await read(directory, { recursive: true });
    expect(ids(inside)).toEqual(["a"]);
    expect(inside.problems).toMatchObject([{ error: { code: "SKM_SCRIPT_OUTSIDE" } }]);
    expect(ids(await read(directory, { recursive: true, followSymlinks: true }))).toEqual(["a", "o"]);
    expect(ids(await read(directory))).toEqual([]);
  });
});

test("only the first twenty syntax errors of a directory are located by another process", async () => {
  const broken = Array.from(
    { length: 25 },
    (_, index) => [`${String(index).padStart(2, "0")}.mjs`, "x = (1;"] as const,
  );
  const { problems } = await read(makeDirectory(Object.fromEntries(broken)));
  expect(problems.map(({ error }) => error.details["line"])).toEqual([
    ...Array.from({ length: 20 }, () => 1),
    ...Array.from({ length: 5 }, () => null),
  ]);
});

test("what may not be read is refused, a file as a problem", async () => {
  const directory = makeDirectory({
    "open/a.mjs": revisionText("a", null),
    "closed/a.mjs": revisionText("a", null),
  });
  const file = join(directory, "open", "a.mjs");
  chmodSync(file, 0o000);
  chmodSync(join(directory, "closed"), 0o000);
  const opened = await read(join(directory, "open"));
  const closed = await read(join(directory, "closed")).catch((reason: unknown) => reason);
  chmodSync(join(directory, "closed"), 0o700);
  if (process.getuid?.() === 0) {
    // Root may read everything.
    expect([opened, closed]).toMatchObject([{ problems: [] }, { problems: [] }]);
    return;
  }
  const details = { nodeCode: "EACCES" };
  expect(opened.problems).toMatchObject([{ path: file, error: { code: "SKM_SCRIPT_LOAD", details } }]);
  expect(closed).toMatchObject({ code: "SKM_SCRIPT_DIR", details });
});
