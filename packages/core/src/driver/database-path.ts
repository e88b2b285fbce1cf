import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { DriverError, type DriverErrorOptions } from "./driver-error.ts";
import { cannotOpen } from "./file-error.ts";

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
  if (input.trim() === "") throw refuse(input, "it is blank", { hint: "name a file, or :memory:" });
  if (input.includes("\0")) throw refuse(input, "it contains a NUL character");
  if (!input.isWellFormed()) throw refuse(input, "it is not well-formed Unicode");
  const path = pathOf(input, context);
  if (path === ":memory:") return memory;
  return { kind: "file", path: absolutePath(input, path, context) };
}

function pathOf(input: string, context: PathContext): string {
  if (drivePattern.test(input) && !schemePattern.test(input)) {
    if (isWindows(context)) return input;
    throw refuse(input, "a drive letter means nothing on this system", {
      hint: "write a path that starts with /",
    });
  }
  const scheme = schemePattern.exec(input)?.[1]?.toLowerCase();
  if (scheme === undefined) return input;
  const rest = input.slice(scheme.length + 1);
  if (scheme === "file") return fromFileUrl(input, rest, context);
  if (sqliteSchemes.has(scheme)) return fromSqliteUrl(input, rest, context);
  throw unknownScheme(input, scheme);
}

function isWindows(context: PathContext): boolean {
  return (context.platform ?? process.platform) === "win32";
}

function fromFileUrl(input: string, rest: string, context: PathContext): string {
  assertNoQuery(input, rest);
  if (schemePattern.test(rest)) {
    throw refuse(input, "there is another URL inside", { hint: "use that URL by itself" });
  }
  const path = decode(input, withoutAuthority(input, rest));
  if (path === "") throw refuse(input, "it names no file");
  if (path.includes("\0")) throw refuse(input, "it contains a NUL character");
  return isWindows(context) ? path.replace(/^\/(?=[a-z]:)/i, "") : path;
}

function withoutAuthority(input: string, rest: string): string {
  if (!rest.startsWith("//")) return rest;
  const slash = rest.indexOf("/", 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  if (authority !== "" && authority.toLowerCase() !== "localhost") {
    throw refuse(input, "it names another host", {
      hint: "write file:/absolute/x.db, or file:x.db for a relative path",
    });
  }
  return slash === -1 ? "" : rest.slice(slash);
}

function decode(input: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw refuse(input, "a % is not followed by hexadecimal UTF-8", { hint: "write %25 for a %", cause });
  }
}

function fromSqliteUrl(input: string, rest: string, context: PathContext): string {
  assertNoQuery(input, rest);
  if (rest === "//" || rest === "///") return ":memory:";
  if (!rest.startsWith("///")) {
    throw refuse(input, "sqlite: is followed by three slashes and a path", {
      hint: "write sqlite:////absolute/x.db",
    });
  }
  const path = rest.slice(3);
  if (path === ":memory:" || path.startsWith("/")) return path;
  const isRelative = !path.includes("/") || /^(?:\.\.?|~)\//.test(path);
  return isRelative || (isWindows(context) && drivePattern.test(path)) ? path : `/${path}`;
}

function assertNoQuery(input: string, rest: string): void {
  const sign = /[?#]/.exec(rest)?.[0];
  if (sign === undefined) return;
  const escaped = sign === "?" ? "%3F" : "%23";
  throw refuse(input, `parameters after "${sign}" are not supported`, {
    hint: `use the options of the driver; in a file: URL write ${escaped} for a "${sign}" in a name`,
  });
}

function absolutePath(input: string, path: string, context: PathContext): string {
  if (path.trimEnd() !== path)
    throw refuse(input, "the name ends in white space", { hint: "rename the file" });
  const isDirectory = path.endsWith("/") || (isWindows(context) && path.endsWith("\\"));
  if (isDirectory) {
    throw cannotOpen(path, "it names a directory", {
      reason: "directory",
      hint: "add the name of the database file",
    });
  }
  return resolve(context.cwd ?? process.cwd(), expandHome(input, path, context));
}

function expandHome(input: string, path: string, context: PathContext): string {
  if (!path.startsWith("~")) return path;
  if (path !== "~" && !/^~[/\\]/.test(path)) {
    throw refuse(input, "the home directory of another user is not known", {
      hint: "write the path in full",
    });
  }
  const home = context.home ?? homedir();
  if (home === "") {
    throw refuse(input, "the home directory is not known", { hint: "set HOME, or write the path in full" });
  }
  return join(home, path.slice(1));
}

function unknownScheme(input: string, scheme: string): DriverError {
  const hint = input.startsWith("//", scheme.length + 1)
    ? "this opens local files: write a path, or use a driver for that server"
    : "write a path, a file: or an sqlite: URL; a file of that name is written with ./ in front";
  return refuse(input, `the scheme "${scheme}" is not supported`, { hint });
}

/** What is refused may have been meant for a server, and carry a password or a token. */
function redact(input: string): string {
  const [withoutQuery = ""] = input.split(/[?#]/, 1);
  return withoutQuery.replace(/\/\/[^/]*@/, "//…@");
}

function refuse(input: string, problem: string, options: RefusalOptions = {}): DriverError {
  return new DriverError(
    "cantopen",
    `cannot use ${quoteForMessage(redact(input))} as a database: ${problem}`,
    {
      reason: "url",
      ...options,
    },
  );
}

type RefusalOptions = Pick<DriverErrorOptions, "hint" | "cause">;
