import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError } from "./driver-error.ts";

/** Where a local database is. */
export type DatabasePath =
  | { readonly kind: "memory" }
  /** An absolute path. */
  | { readonly kind: "file"; readonly path: string };

export interface PathContext {
  /** What relative paths start from; the working directory unless told. */
  readonly cwd?: string;
  /** What `~` stands for; the home directory of the user unless told. */
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
}

const memory: DatabasePath = Object.freeze({ kind: "memory" });
const schemePattern = /^([a-z][a-z0-9+.-]+):/i;
const drivePattern = /^[a-z]:/i;
/** What SQLAlchemy calls SQLite; the driver behind the `+` does not matter here. */
const sqliteSchemes: ReadonlySet<string> = new Set(["sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"]);
const remoteSchemes: ReadonlySet<string> = new Set(["libsql", "http", "https", "ws", "wss"]);

/**
 * Resolves what people write for a local database to an absolute path: a path, absolute, relative or with
 * `~`; a `file:` URL (percent-decoded); `sqlite:///x.db` and `sqlite:////absolute/x.db` as Python writes them;
 * `:memory:`. Nothing is passed on to SQLite's own URL parsing, which differs between libraries.
 *
 * After `sqlite:///` a bare file name, `./`, `../` and `~/` are relative; any other path is absolute, with three
 * slashes as with four.
 *
 * @throws {DriverError} kind `cantopen`: reason `url` for what is not understood or could mean something else,
 * reason `directory` for a path that ends in a slash.
 */
export function resolveDatabasePath(input: string, context: PathContext = {}): DatabasePath {
  if (typeof input !== "string") throw new TypeError(`expected a path or URL, found ${typeof input}`);
  if (input.trim() === "") throw refuse(input, "it is blank", "name a file, or :memory:");
  if (input.includes("\0")) throw refuse(input, "it contains a NUL character");
  if (!input.isWellFormed()) throw refuse(input, "it is not well-formed Unicode");
  const path = pathOf(input, context);
  if (path === ":memory:") return memory;
  return { kind: "file", path: absolutePath(input, path, context) };
}

function pathOf(input: string, context: PathContext): string {
  const isWindows = (context.platform ?? process.platform) === "win32";
  if (drivePattern.test(input) && !schemePattern.test(input)) {
    if (isWindows) return input;
    throw refuse(input, "a drive letter means nothing on this system", "write a path that starts with /");
  }
  const scheme = schemePattern.exec(input)?.[1]?.toLowerCase();
  if (scheme === undefined) return input;
  const rest = input.slice(scheme.length + 1);
  if (scheme === "file") return fromFileUrl(input, rest, isWindows);
  if (sqliteSchemes.has(scheme)) return fromSqliteUrl(input, rest, isWindows);
  throw unknownScheme(input, scheme);
}

function fromFileUrl(input: string, rest: string, isWindows: boolean): string {
  assertNoQuery(input, rest);
  if (schemePattern.test(rest)) throw refuse(input, "there is another URL inside", "use that URL by itself");
  const path = decode(input, withoutAuthority(input, rest));
  if (path === "") throw refuse(input, "it names no file");
  if (path.includes("\0")) throw refuse(input, "it contains a NUL character");
  return isWindows ? path.replace(/^\/(?=[a-z]:)/i, "") : path;
}

function withoutAuthority(input: string, rest: string): string {
  if (!rest.startsWith("//")) return rest;
  const slash = rest.indexOf("/", 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  if (authority !== "" && authority.toLowerCase() !== "localhost") {
    throw refuse(
      input,
      "it names another host",
      "write file:/absolute/x.db, or file:x.db for a relative path",
    );
  }
  return slash === -1 ? "" : rest.slice(slash);
}

function decode(input: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw refuse(input, "a % is not followed by two hexadecimal digits of UTF-8", "write %25 for a %", cause);
  }
}

function fromSqliteUrl(input: string, rest: string, isWindows: boolean): string {
  assertNoQuery(input, rest);
  if (rest === "//" || rest === "///") return ":memory:";
  if (!rest.startsWith("///")) {
    throw refuse(input, "sqlite: is followed by three slashes and a path", "write sqlite:////absolute/x.db");
  }
  const path = rest.slice(3);
  if (path === ":memory:" || path.startsWith("/")) return path;
  const isRelative = !path.includes("/") || /^(?:\.\.?|~)\//.test(path);
  return isRelative || (isWindows && drivePattern.test(path)) ? path : `/${path}`;
}

function assertNoQuery(input: string, rest: string): void {
  const sign = /[?#]/.exec(rest)?.[0];
  if (sign === undefined) return;
  throw refuse(
    input,
    `parameters after "${sign}" are not supported`,
    `use the options of the driver; in a file: URL write ${sign === "?" ? "%3F" : "%23"} for a "${sign}" in a name`,
  );
}

function absolutePath(input: string, path: string, context: PathContext): string {
  if (path.trimEnd() !== path) throw refuse(input, "the name ends in a space", "rename the file");
  if (/[/\\]$/.test(path) && (path.endsWith("/") || context.platform === "win32")) {
    throw new DriverError(
      "cantopen",
      `cannot open the database ${quoteForMessage(input)}: it names a directory`,
      {
        reason: "directory",
        target: path,
        hint: "add the name of the database file",
      },
    );
  }
  return resolve(context.cwd ?? process.cwd(), expandHome(input, path, context));
}

function expandHome(input: string, path: string, context: PathContext): string {
  if (!path.startsWith("~")) return path;
  if (path !== "~" && !/^~[/\\]/.test(path)) {
    throw refuse(input, "the home directory of another user is not known", "write the path in full");
  }
  const home = context.home ?? homedir();
  if (home === "")
    throw refuse(input, "the home directory is not known", "set HOME, or write the path in full");
  return join(home, path.slice(1));
}

function unknownScheme(input: string, scheme: string): DriverError {
  const hint = remoteSchemes.has(scheme)
    ? "use the libSQL driver for this URL"
    : "write a path, a file: or an sqlite: URL; a file of that name is written with ./ in front";
  return refuse(redact(input), `the scheme "${scheme}" is not supported`, hint);
}

/** Other schemes carry passwords and tokens. */
function redact(input: string): string {
  const [withoutQuery = ""] = input.split(/[?#]/, 1);
  return withoutQuery.replace(/\/\/[^/]*@/, "//…@");
}

// oxlint-disable-next-line max-params -- a message, its reason and what to do belong together
function refuse(input: string, problem: string, hint?: string, cause?: unknown): DriverError {
  return new DriverError("cantopen", `cannot use ${quoteForMessage(input)} as a database: ${problem}`, {
    reason: "url",
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
