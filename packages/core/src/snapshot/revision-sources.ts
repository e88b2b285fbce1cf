import { readNodeCode } from "../script/directory-error.ts";
import { loadNodeBuiltins } from "../script/node-builtins.ts";
import { sha256 } from "./digest.ts";

/** Hexadecimal digits of a digest that tells whether a file is still the same. */
const digits = 32;

/** The digest of a revision's file, however its lines end; `null` where it cannot be read. Nothing is imported. */
export function digestSource(path: string): string | null {
  const text = readText(path);
  if (text === null) return null;
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return sha256(plain.includes("\r") ? plain.replaceAll("\r\n", "\n") : plain).slice(0, digits);
}

function readText(path: string): string | null {
  try {
    // Node.js reads text in one call, and bytes in four.
    return loadNodeBuiltins().fs.readFileSync(path, "utf8");
  } catch (error) {
    if (unreadable.has(readNodeCode(error))) return null;
    throw error;
  }
}

const unreadable: ReadonlySet<string> = new Set(["ENOENT", "EACCES", "EPERM"]);
