/** Words after which a `/` starts a regular expression. */
const operatorWord =
  /(?<![.\w$\u0080-\uffff])(?:await|case|delete|do|else|extends|in|instanceof|new|of|return|throw|typeof|void|yield)$/;

/**
 * A regular expression. With the flag `v` a class can hold classes, without it `[` is a plain character
 * inside one: a class with a `[` in it is left to a real parser.
 */
const expression =
  /\/(?:[^\\/[\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029]|\[(?:[^\\\][\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029])*\])+\//y;

/** How much text decides: longer than every operator word. */
const lookBehind = 16;

/**
 * The position behind the division sign or the regular expression that starts at `at`.
 *
 * @param tokenEnd where the token before it ends
 * @returns -1 where the text before it allows both readings
 */
export function slashEnd(text: string, at: number, tokenEnd: number): number {
  const meaning = slashMeaning(text.slice(Math.max(0, tokenEnd - lookBehind), tokenEnd));
  if (meaning === "unsure") return -1;
  if (meaning === "division") return at + 1;
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : -1;
}

function slashMeaning(before: string): "division" | "expression" | "unsure" {
  if (operatorWord.test(before)) return "expression";
  if (/[\w$\]"'`\u0080-\uffff]$/.test(before)) return "division";
  // `!/a/`, but TypeScript's `a! / b`; `=> /a/`, but `b > /a/` and `<T>/a/`.
  if (/(?:[\s(,=:[&|?{;!]!|=>)$/.test(before)) return "expression";
  // `if (a) /b/` and `(a) / b`, `{} /a/` and `({}) / a`, `i++ / a` and `a + /b/`, `1. / a`.
  return /[)}+\-.!>]$|^$/.test(before) ? "unsure" : "expression";
}
