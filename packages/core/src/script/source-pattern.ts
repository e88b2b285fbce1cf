/**
 * The pieces of JavaScript and TypeScript source text that need no grammar, as sticky patterns. They are
 * patterns and not loops because V8 runs them as machine code from the start; a loop over characters would
 * be interpreted for the few hundred files that most projects have.
 */

/** White space and comments. `\s` is exactly the white space and line terminators of ECMAScript. */
export const trivia: RegExp = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y;

/** A name or a number: no ASCII character but letters, digits, `_` and `$`. */
export const word: RegExp = /[^\x00-#%-/:-@[-^`{-\x7f\s]+/y;

/** A string in `'` or `"`. A backslash before CR LF continues the line over both. */
export const quoted: RegExp =
  /"[^"\\\r\n]*(?:\\(?:\r\n|[^])[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\(?:\r\n|[^])[^'\\\r\n]*)*'/y;

/** Code without brackets, templates, slashes and backslashes, over strings. */
const plainCode = `[^"'\`/()[\\]{}\\\\]*(?:(?:${quoted.source})[^"'\`/()[\\]{}\\\\]*)*`;

/** Plain code, and over pairs of brackets with nothing but plain code inside. */
export const flat: RegExp = new RegExp(`${plainCode}(?:[([{]${plainCode}[)\\]}]${plainCode})*`, "y");

/** A field of a header as most files write it, with the comma behind it. */
export const plainField: RegExp =
  /\s*(revision|downRevision|branchLabels|dependsOn|replaces|minimumReader|message|createDate)\s*:\s*(?:"([^"\\\r\n]*)"|null)\s*,/y;

/** The text of a template up to its end, its next `${` or the end of the file. */
export const templateText: RegExp = /(?:[^`\\$]+|\\[^]|\$(?!\{))*/y;

/** A type annotation that is a name, a union or an array, such as `: readonly string[] | null`. */
export const plainType: RegExp = /[\w\s|[\]<>."']*/y;

/** Where the match of `pattern` at this place ends; `at` itself when there is none. */
export function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/**
 * A copy that stands on its own. V8 keeps a long slice as a reference into the text it was cut from, and so
 * the text of a whole file would stay in memory for one id.
 */
export function copyText(slice: string): string {
  return `-${slice}`.slice(1);
}
