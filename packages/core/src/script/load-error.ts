import { MigrationError } from "../errors/migration-error.ts";
import { escapeControls, quoteForMessage } from "../errors/quote-for-message.ts";
import { findSyntaxPosition } from "./check-syntax.ts";
import { readPosition, renderExcerpt, type SyntaxPosition } from "./syntax-position.ts";

/** The file whose import failed. */
export interface FailedFile {
  readonly path: string;
  readonly url: string;
  /** Read when it is needed; `undefined` when it cannot be read. */
  text(): string | undefined;
  /** Parsing again in another process costs some 50 ms. */
  readonly mayCheckSyntax: boolean;
}

const eraseHint =
  "Node.js only erases types: replace enums, namespaces and parameter properties, or ship the file compiled to .js";

/** Hints by the code that Node.js gives to the error. */
const hintsByCode: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    "Node.js does not load TypeScript from node_modules: publish the revisions compiled to .js",
  ERR_UNKNOWN_FILE_EXTENSION: "loading .ts files takes Node.js 22.18 or newer, without --no-strip-types",
  ERR_MODULE_NOT_FOUND: "check the import; a relative one needs the file's extension, such as ./columns.ts",
  ERR_PACKAGE_PATH_NOT_EXPORTED: "the package does not offer this path to importers",
};

/**
 * Explains why a revision file could not be imported. The original error becomes the cause.
 *
 * @returns SKM_SCRIPT_SYNTAX with the position when its text cannot be parsed, else SKM_SCRIPT_LOAD
 */
export function explainLoadError(error: unknown, file: FailedFile): MigrationError {
  const facts = describeError(error);
  if (facts.isParseError) return syntaxError(error, facts, file);
  const { path } = file;
  const { summary, code } = facts;
  return new MigrationError("SKM_SCRIPT_LOAD", `cannot load revision file ${quotePath(path)}: ${summary}`, {
    details: { path, reason: summary, ...(code === undefined ? {} : { nodeCode: code }) },
    hint:
      facts.hint ?? "the file, or one that it imports, throws while it is loaded; the cause has the stack",
    cause: error,
  });
}

interface ErrorFacts {
  readonly summary: string;
  readonly code: string | undefined;
  readonly hint: string | undefined;
  /** A parser refused text, as opposed to code that ran and threw a `SyntaxError`. */
  readonly isParseError: boolean;
  readonly stack: string;
  readonly message: string;
}

function describeError(error: unknown): ErrorFacts {
  if (!isErrorLike(error)) {
    const summary = `it throws ${quoteForMessage(error)}, which is not an Error`;
    return { summary, code: undefined, hint: "throw an Error", isParseError: false, stack: "", message: "" };
  }
  const name = readText(error, "name") || "Error";
  const message = readText(error, "message");
  const stack = readText(error, "stack");
  const code = readText(error, "code") || undefined;
  return {
    summary: shorten(`${name}: ${message}`),
    code,
    hint: code === undefined ? moduleHint(name, message) : hintsByCode[code],
    isParseError:
      name === "SyntaxError" && isThrownByLoader(stack) && !message.includes("does not provide an export"),
    stack,
    message,
  };
}

/** `JSON.parse` and `new Function` throw the same class, but from a frame of their own. */
function isThrownByLoader(stack: string): boolean {
  const frame = /^ +at .*$/m.exec(stack)?.[0];
  return frame === undefined || frame.includes("node:internal/");
}

function moduleHint(name: string, message: string): string | undefined {
  if (name !== "ReferenceError" || !message.includes("in ES module scope")) return undefined;
  return "revision files are ES modules: write `import` and `export default`, not `require` and `module.exports`";
}

function syntaxError(cause: unknown, facts: ErrorFacts, file: FailedFile): MigrationError {
  const { path } = file;
  const text = file.text();
  const position = text === undefined ? undefined : findPosition(text, facts, file);
  const reason = shorten(facts.message);
  const excerpt = position === undefined ? "" : `\n${renderExcerpt(position)}`;
  const place = quotePath(path + showPosition(position));
  return new MigrationError("SKM_SCRIPT_SYNTAX", `cannot parse revision file ${place}: ${reason}${excerpt}`, {
    details: { path, reason, line: position?.line ?? null, column: position?.column ?? null },
    hint: syntaxHint(facts, position, otherFile(facts.stack, file)),
    cause,
  });
}

function syntaxHint(
  { code, message }: ErrorFacts,
  position: SyntaxPosition | undefined,
  other: string | undefined,
): string {
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") return eraseHint;
  if (other !== undefined) return `the error lies in ${quotePath(other)}, which it imports`;
  // What the CommonJS loader says when package.json has `"type": "commonjs"`.
  const isModuleSyntax = /^Unexpected token 'export'|^Cannot use import statement outside/.test(message);
  if (isModuleSyntax) return 'name the file .mts or .mjs, or set "type": "module" in package.json';
  // In V8's words the `await` of a function that is not async is a reserved word.
  if (/\bawait\b|^Unexpected reserved word/.test(message)) {
    return "await needs an async function: async upgrade(op) { … }";
  }
  return position === undefined
    ? "the error lies in this file or in one that it imports"
    : "fix the file; a bracket or quote that is not closed shows up late";
}

function findPosition(text: string, facts: ErrorFacts, file: FailedFile): SyntaxPosition | undefined {
  const known = readPosition(facts.stack, text);
  if (known !== undefined) return otherFile(facts.stack, file) === undefined ? known : undefined;
  if (!file.mayCheckSyntax) return undefined;
  return findSyntaxPosition({ text, isTypeScript: /\.m?ts$/.test(file.path), message: facts.message });
}

/** File and line of an error that lies in a file which this one imports, as far as the stack tells. */
function otherFile(stack: string, { path, url }: FailedFile): string | undefined {
  const place = /^((?!\w*Error\b)[^\n]*):\d+\n/.exec(stack);
  if (place?.[1] === undefined) return undefined;
  const file = place[1];
  // By name, because Node.js follows symbolic links in the directory.
  const isThis = [path, url].some((name) => file.endsWith(name.slice(name.search(/[^/\\]*$/))));
  return isThis ? undefined : place[0].trimEnd();
}

function showPosition(position: SyntaxPosition | undefined): string {
  if (position === undefined) return "";
  return position.column === null ? `:${position.line}` : `:${position.line}:${position.column}`;
}

function quotePath(path: string): string {
  return quoteForMessage(path, 1000);
}

function shorten(text: string): string {
  const escaped = escapeControls(text.replace(/\s*\n\s*/g, " "));
  return escaped.length > 300 ? `${escaped.slice(0, 300)}…` : escaped;
}

function isErrorLike(value: unknown): value is object {
  return typeof value === "object" && value !== null && "message" in value;
}

function readText(value: object, key: string): string {
  const text: unknown = Reflect.get(value, key);
  return typeof text === "string" ? text : "";
}
