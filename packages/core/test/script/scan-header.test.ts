import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathToFileURL } from "node:url";
import { isHeaderField } from "../../src/script/header-field.ts";
import { scanHeader } from "../../src/script/scan-header.ts";
import { importNatively, makeDirectory, writeInto } from "./project.ts";

const upgrade = "upgrade(op) { op.execute('x'); }";

const readable: readonly (readonly [title: string, text: string, fields: object])[] = [
  [
    "a call of defineRevision",
    `import { defineRevision } from "@skillmeat/migrate-core";
     export default defineRevision({ revision: "a", downRevision: null, ${upgrade} });`,
    { revision: "a", downRevision: null },
  ],
  [
    "a plain object",
    `export default { revision: "a", downRevision: "b" }`,
    { revision: "a", downRevision: "b" },
  ],
  [
    "named exports",
    `export const revision = "a", downRevision = null;\nexport function upgrade(op) {}\nexport const message = 'm'`,
    { revision: "a", downRevision: null, message: "m" },
  ],
  [
    "named exports with types",
    `export const revision: string = "a";\nexport const downRevision: string | null = null;
     export const dependsOn: readonly string[] = ["x"] as const;
     export const replaces: readonly string[] = ["y", "z"];
     export const minimumReader = "x";
     export async function upgrade(op: Operations): Promise<void> {}`,
    { revision: "a", downRevision: null, dependsOn: ["x"], replaces: ["y", "z"], minimumReader: "x" },
  ],
  [
    "named exports without semicolons",
    `export const revision = "a"\nexport const downRevision = "b"\nexport const upgrade = (op) => {}`,
    { revision: "a", downRevision: "b" },
  ],
  [
    "fields after the bodies",
    `export default { ${upgrade}, async downgrade(op) { return }, revision: "a", downRevision: null }`,
    { revision: "a", downRevision: null },
  ],
  [
    "the last of two equal fields",
    `export default { revision: "a", downRevision: null, ${upgrade}, revision: "b" }`,
    { revision: "b", downRevision: null },
  ],
  [
    "every kind of quotes",
    "export default { \"revision\": 'a', 'downRevision': `b`, message: \"it's\" }",
    { revision: "a", downRevision: "b", message: "it's" },
  ],
  [
    "arrays with trailing commas",
    `export default { revision: "a", downRevision: ["b", 'c', ], dependsOn: [], }`,
    { revision: "a", downRevision: ["b", "c"], dependsOn: [] },
  ],
  [
    "undefined",
    `export default { revision: "a", downRevision: null, branchLabels: undefined }`,
    { revision: "a", downRevision: null, branchLabels: undefined },
  ],
  [
    "escapes",
    String.raw`export default { revision: "\x61\u0062\u{63}", message: "\t\n\\\"\'\0\q\uD83D\uDE00" }`,
    { revision: "abc", message: "\t\n\\\"'\0q😀" },
  ],
  [
    "line continuations and line breaks in templates",
    'export default { revision: "a\\\r\nb\\\nc", message: `x\r\ny\rz` }',
    { revision: "abc", message: "x\ny\nz" },
  ],
  [
    "comments in every gap",
    `/* a */ export /* b */ default /* c */ { // d
      /* e */ revision /* f */ : /* g */ "a" /* h */ , // revision: "wrong",
      downRevision /* { */ : null /* } */ }`,
    { revision: "a", downRevision: null },
  ],
  [
    "a byte order mark, a hashbang and CRLF",
    '\uFEFF#!/usr/bin/env node\r\nexport default {\r\n  revision: "a",\r\n  downRevision: null,\r\n};\r\n',
    { revision: "a", downRevision: null },
  ],
  [
    "types around the object",
    `import { defineRevision, type Revision } from "x";
     export default defineRevision({ revision: "a", downRevision: null } satisfies Revision,) satisfies Revision;`,
    { revision: "a", downRevision: null },
  ],
  [
    "headers in the texts of bodies",
    'export default { upgrade(op) { op.execute(`revision: "x", ${`}${\'`\'}`} downRevision`); /* } */ }, revision: "a" }',
    { revision: "a" },
  ],
  [
    "regular expressions with quotes and brackets",
    `const quote = /["'\`{(]\\/[)}\\]]/g;
     export default { upgrade(op) { return /[/"]}/.test(op) ? !/"/.test("") : 1 / 2 / 3; }, revision: "a" }`,
    { revision: "a" },
  ],
  [
    "methods of every form",
    `export default { async: 1, get: 2, async *rows() {}, *more() {}, get size() { return 1 }, set size(x) {},
       async upgrade(op) {}, "down-grade"() {}, 1.5: 2, generic<T>(x: T): T { return x }, revision: "a" }`,
    { revision: "a" },
  ],
  [
    "other statements around",
    `import fs from "node:fs"; import type { X } from "./x.ts"; import "./y.js";
     const columns = { revision: 1, a: ["}"] };
     export { columns, helper as help };
     export type Row = { revision: string };
     function helper() { return { message: "no" } }
     export default { revision: "a", downRevision: null };
     export const after = 1;`,
    { revision: "a", downRevision: null },
  ],
];

describe("a header that stands in the text is read from", () => {
  test.each(readable)("%s", (_, text, fields) => {
    expect(scanHeader(text)).toStrictEqual({ kind: "static", fields });
  });
});

const open: readonly (readonly [title: string, text: string])[] = [
  ["no header", `export const x = 1;`],
  ["an empty file", ``],
  ["a computed id", `export default { revision: "a" + "b" }`],
  ["an id from a call", `export default { revision: makeId(), downRevision: null }`],
  ["an interpolated template", "export default { revision: `a${1}` }"],
  ["a number", `export const revision = 5; export const downRevision = null;`],
  ["a spread", `export default { revision: "a", ...rest }`],
  ["a computed key", `export default { revision: "a", ["down" + "Revision"]: null }`],
  ["a computed accessor", `export default { revision: "a", get ["x"]() {} }`],
  ["a getter", `export default { get revision() { return "a" } }`],
  ["a shorthand", `const revision = "a"; export default { revision }`],
  ["an escaped key", String.raw`export default { revision: "a", rev\u0069sion: "b" }`],
  ["__proto__", `export default { revision: "a", __proto__: base }`],
  ["an array with a hole", `export default { revision: "a", downRevision: ["b", , "c"] }`],
  ["an array with a spread", `export default { revision: "a", downRevision: [...all] }`],
  ["an illegal escape", String.raw`export default { revision: "\1" }`],
  ["a wrapped object", `export default wrap({ revision: "a", downRevision: null })`],
  [
    "defineRevision of its own",
    `const defineRevision = (x) => ({}); export default defineRevision({ revision: "a" })`,
  ],
  [
    "a second argument",
    `import { defineRevision } from "x"; export default defineRevision({ revision: "a" }, 1)`,
  ],
  [
    "a chained call",
    `import { defineRevision } from "x"; export default defineRevision({ revision: "a" }).b`,
  ],
  ["a chained call on the next line", `export default { revision: "a" }\n.b`],
  ["an expression that goes on", `export const revision = "a" + suffix; export const downRevision = null`],
  [
    "an expression that goes on below",
    `export const revision = "a"\n  + suffix; export const downRevision = null`,
  ],
  ["a call on the next line", `export const revision = "a"\n(b)`],
  ["let", `export let revision = "a"; export const downRevision = null; revision = "b"`],
  ["an export list", `const revision = "a"; export { revision }; export const downRevision = null`],
  [
    "an export list with new names",
    `const a = "a"; export { a as "revision" }; export const downRevision = null`,
  ],
  ["a re-export", `export * from "./base.ts"; export const revision = "a"`],
  ["a destructuring export", `export const { revision } = x; export const downRevision = null`],
  ["a field behind another constant", `export const revision = "a"; export const x = 1, dependsOn = "b"`],
  ["a changed array", `export const revision = "a"; export const dependsOn = ["b"]; dependsOn.push("c")`],
  ["a function named like a field", `export const revision = "a"; export function message() {}`],
  ["a slash that could be either", `export default { upgrade() { return (a) / 2 / "x" }, revision: "a" }`],
  ["an unterminated string", `export default { revision: "a, downRevision: null }`],
  ["an unterminated template", "export default { revision: `a, downRevision: null }"],
  ["an unterminated comment", `export default { revision: "a" /* }`],
  ["an unterminated comment at the end", `export const revision = "a"; /* `],
  ["an unclosed object", `export default { revision: "a", downRevision: null`],
  ["an unclosed body", `export default { upgrade() { if (1) { }, revision: "a" }`],
  [
    "templates nested beyond measure",
    `export default { upgrade() { ${"`${".repeat(1000)} }, revision: "a" }`,
  ],
  ["an unclosed bracket ten thousand levels deep", `const x = ${"[".repeat(10_000)}`],
];

describe("a header is left open when it meets", () => {
  test.each(open)("%s", (_, text) => {
    expect(scanHeader(text)).toStrictEqual({ kind: "open" });
  });
});

test("brackets nested a hundred thousand levels deep and a text of megabytes are walked over", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const long = JSON.stringify('it\'s "long" \\ '.repeat(100_000));
  const text = `export default { upgrade() { return [${deep}, ${long}, ${"'a',".repeat(100_000)}] }, revision: "a" }`;
  expect(scanHeader(text)).toStrictEqual({ kind: "static", fields: { revision: "a" } });
});

const id = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const optional = fc.option(fc.oneof(id, fc.array(id, { maxLength: 3 })), { nil: undefined });
const headers = fc.record({
  revision: id,
  downRevision: fc.oneof(fc.constant(null), id, fc.array(id, { minLength: 1, maxLength: 3 })),
  branchLabels: optional,
  dependsOn: optional,
  replaces: optional,
  minimumReader: optional,
  message: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
});

const gap = fc.constantFrom(
  "",
  " ",
  "\n",
  "\r\n",
  "\t",
  " /* } */ ",
  "// \"'`{\n",
  "\u00a0",
  "\u2028",
  "/* revision: 'x' */",
);
const styles = fc.record({
  quote: fc.constantFrom('"', "'", "`"),
  gaps: fc.array(gap, { minLength: 8, maxLength: 8 }),
  shuffle: fc.integer({ min: 0, max: 5 }),
  quotedKeys: fc.boolean(),
  form: fc.constantFrom("object", "call", "named"),
  body: fc.constantFrom(
    "(op) { op.execute('}') }",
    "(op) { const a = `x ${ `}` } \\` ${'{'} y`; return a / 2 }",
    "(op) { return op.match(/[}\"'`]/u) }",
    "(op) { /* ' */ // \"\n }",
    "(op) { return { revision: 1, message: '' } }",
  ),
});

type Header = typeof headers extends fc.Arbitrary<infer T> ? T : never;
type Style = typeof styles extends fc.Arbitrary<infer T> ? T : never;

function printString(text: string, quote: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return quote + escaped.replaceAll(quote, `\\${quote}`).replaceAll("${", "\\${") + quote;
}

function printValue(value: unknown, { quote, gaps }: Style): string {
  if (typeof value === "string") return printString(value, quote);
  if (!Array.isArray(value)) return String(value);
  return `[${gaps[0]}${value.map((item) => printString(item, quote)).join(`${gaps[1]},${gaps[2]}`)}${gaps[3]}]`;
}

function printHeader(header: Header, style: Style): string {
  const { gaps, shuffle, form } = style;
  const fields = Object.entries(header).map(([name, value]) => [name, printValue(value, style)] as const);
  const rotated = [...fields.slice(shuffle), ...fields.slice(0, shuffle)];
  if (form === "named") {
    const lines = rotated.map(
      ([name, value]) => `export const ${name}${gaps[4]}=${gaps[5]}${value}${gaps[6]};${gaps[7]}`,
    );
    return `${lines.join("\n")}\nexport const extra = 1;\nexport function upgrade${style.body}`;
  }
  const key = (name: string): string =>
    style.quotedKeys ? printString(name, style.quote === "`" ? '"' : style.quote) : name;
  const entries = rotated.map(
    ([name, value]) => `${gaps[4]}${key(name)}${gaps[5]}:${gaps[6]}${value}${gaps[7]}`,
  );
  entries.splice(shuffle, 0, `upgrade${style.body}`);
  const object = `{${entries.join(",")}${gaps[1]},${gaps[2]}}`;
  return form === "object"
    ? `export default ${object};`
    : `import { defineRevision } from "./define.mjs";\nexport default defineRevision(${gaps[0]}${object}${gaps[3]});`;
}

test("a header printed in any way is read as it was", () => {
  fc.assert(
    fc.property(headers, styles, (header, style) => {
      const scan = scanHeader(printHeader(header, style));
      expect(scan).toEqual({ kind: "static", fields: header });
    }),
    { numRuns: 2_000 },
  );
});

/** The fields that importing a file with this text gives, or `null` when it cannot be imported. */
function createImporter(): (text: string) => Promise<Record<string, unknown> | null> {
  const directory = makeDirectory({ "define.mjs": "export const defineRevision = (x) => x;" });
  let files = 0;
  return async (text) => {
    files += 1;
    const path = writeInto(directory, `${files}.mjs`, text);
    const exported = await importNatively(pathToFileURL(path).href).catch(() => null);
    const definition = exported?.["default"] ?? exported;
    if (definition === null) return null;
    return Object.fromEntries(Object.entries(definition).filter(([name]) => isHeaderField(name)));
  };
}

test("what is read from a text is what importing the file gives", async () => {
  const importText = createImporter();
  await fc.assert(
    fc.asyncProperty(headers, styles, async (header, style) => {
      const text = printHeader(header, style);
      expect(scanHeader(text)).toEqual({ kind: "static", fields: await importText(text) });
    }),
    { numRuns: 200 },
  );
});

test("a mutilated file is left open, or read as importing it gives", async () => {
  const importText = createImporter();
  const insertions = fc.constantFrom(
    "",
    "`",
    "/",
    '"',
    "}",
    "{",
    "(",
    "\\",
    "\n",
    "/*",
    ",",
    "...",
    "revision",
  );
  await fc.assert(
    fc.asyncProperty(headers, styles, fc.nat(), insertions, async (header, style, at, insertion) => {
      const whole = printHeader(header, style);
      const place = at % whole.length;
      const cut = whole.slice(0, place) + insertion + whole.slice(place + (insertion === "" ? 1 : 0));
      // As it comes back from a file: half of a surrogate pair does not survive.
      const text = Buffer.from(cut).toString();
      const scan = scanHeader(text);
      const imported = scan.kind === "open" ? null : await importText(text);
      if (imported !== null) expect(scan).toEqual({ kind: "static", fields: imported });
    }),
    { numRuns: 400 },
  );
});
