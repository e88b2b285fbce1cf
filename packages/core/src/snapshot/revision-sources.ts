import { loadNodeBuiltins } from "../script/node-builtins.ts";
import { sha256 } from "./digest.ts";

/** Hexadecimal digits of a digest that tells whether a file is still the same. */
const digits = 32;

/**
 * The digest of a revision's file, however its lines end. Nothing is imported.
 *
 * @throws what reading the file throws.
 */
export function digestSource(path: string): string {
  // Node.js reads text in one call, and bytes in four.
  const text = loadNodeBuiltins().fs.readFileSync(path, "utf8");
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return sha256(plain.includes("\r") ? plain.replaceAll("\r\n", "\n") : plain).slice(0, digits);
}
