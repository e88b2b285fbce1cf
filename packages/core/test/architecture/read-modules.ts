import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/** What the architecture test asks about one source file. */
export interface SourceModule {
  /** Relative to `src`, with `/`. */
  readonly path: string;
  /** First folder of the path, `""` for `index.ts`. */
  readonly folder: string;
  readonly text: string;
  readonly lines: number;
  /** As written, static and dynamic, types included. */
  readonly imports: readonly string[];
  /** Lines with `await`, `for await` or an `async` function. */
  readonly asyncLines: readonly number[];
  /** Lines with `x as T` or `<T>x`, `as const` and `as unknown` apart. */
  readonly assertionLines: readonly number[];
  /** Start and end of each comment. */
  readonly comments: readonly (readonly [start: number, end: number])[];
  readonly hasDefaultExport: boolean;
  /** Super-classes of the classes declared, `null` for none. */
  readonly superClasses: readonly (string | null)[];
  /** All string literals. */
  readonly strings: readonly string[];
}

/** Parses every `.ts` file below a `src` folder; a file that cannot be parsed fails. */
export function readModules(src: string): readonly SourceModule[] {
  return globSync("**/*.ts", { cwd: src })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map((path) => readModule(src, path));
}

/** The folders (first path segment) that a module's relative imports lead to, its own included. */
export function importedFolders(module: SourceModule): readonly string[] {
  return module.imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(dirname(module.path), specifier))
    .map((target) => (target.includes("/") ? (target.split("/")[0] ?? "") : ""));
}

/** The text with what follows `@example` in a comment blanked; line numbers stay. */
export function withoutExamples(module: SourceModule): string {
  let text = module.text;
  for (const [start, end] of module.comments) {
    const comment = text.slice(start, end);
    const blanked = comment.replace(/@example\b[^]*?(?=\n\s*\* @|$)/g, (example) =>
      example.replace(/[^\n]/g, " "),
    );
    text = text.slice(0, start) + blanked + text.slice(end);
  }
  return text;
}

function readModule(src: string, path: string): SourceModule {
  const text = readFileSync(join(src, path), "utf8");
  const { program, errors, comments } = parseSync(path, text, { sourceType: "module" });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: string[] = [];
  const strings: string[] = [];
  const superClasses: (string | null)[] = [];
  const asyncAt: number[] = [];
  let hasDefaultExport = false;
  const assertionAt: number[] = [];
  const markAsync = (node: { readonly async: boolean; readonly start: number }): void => {
    if (node.async) asyncAt.push(node.start);
  };
  new Visitor({
    ImportDeclaration: (node) => void imports.push(node.source.value),
    ExportDefaultDeclaration: () => void (hasDefaultExport = true),
    ExportSpecifier: ({ exported }) =>
      void (hasDefaultExport ||= exported.type === "Identifier" && exported.name === "default"),
    ExportAllDeclaration: (node) => void imports.push(node.source.value),
    ExportNamedDeclaration: (node) => void (node.source && imports.push(node.source.value)),
    ImportExpression: (node) =>
      void (node.source.type === "Literal" && imports.push(String(node.source.value))),
    TSImportType: (node) => void imports.push(node.source.value),
    Literal: (node) => void (typeof node.value === "string" && strings.push(node.value)),
    TemplateElement: (node) => void strings.push(node.value.cooked ?? node.value.raw),
    ClassDeclaration: (node) => void superClasses.push(superClassName(node.superClass)),
    ClassExpression: (node) => void superClasses.push(superClassName(node.superClass)),
    AwaitExpression: (node) => void asyncAt.push(node.start),
    ForOfStatement: (node) => void (node.await && asyncAt.push(node.start)),
    FunctionDeclaration: markAsync,
    FunctionExpression: markAsync,
    ArrowFunctionExpression: markAsync,
    TSAsExpression: (node) => void (isHarmless(node.typeAnnotation) || assertionAt.push(node.start)),
    TSTypeAssertion: (node) => void assertionAt.push(node.start),
  }).visit(program);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  return {
    path,
    folder: path.includes("/") ? (path.split("/")[0] ?? "") : "",
    text,
    lines: text.trimEnd().split("\n").length,
    imports,
    asyncLines: asyncAt.map(lineOf),
    assertionLines: assertionAt.map(lineOf),
    comments: comments.map(({ start, end }) => [start, end]),
    hasDefaultExport,
    superClasses,
    strings,
  };
}

function superClassName(node: { readonly type: string; readonly name?: unknown } | null): string | null {
  if (node === null) return null;
  return node.type === "Identifier" ? String(node.name) : node.type;
}

/** `as const` and `as unknown` only take knowledge away, or keep it. */
function isHarmless(type: { readonly type: string; readonly typeName?: unknown }): boolean {
  const name = type.typeName;
  const isConst = typeof name === "object" && name !== null && "name" in name && name.name === "const";
  return isConst || type.type === "TSUnknownKeyword";
}
