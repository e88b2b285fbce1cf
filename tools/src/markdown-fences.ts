/** A fenced block of a Markdown text. */
export interface Fence {
  readonly language: string;
  /** With a newline at the end. */
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

/**
 * Lists the fenced blocks, in order.
 * @throws {Error} a fence that is not closed.
 */
export function listFences(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly language: string; readonly line: number; readonly body: string[] } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^```(\S*)/.exec(line);
    if (fence === null) open?.body.push(`${line}\n`);
    else if (open === undefined) open = { language: fence[1] ?? "", line: index + 1, body: [] };
    else {
      fences.push({ language: open.language, line: open.line, text: open.body.join("") });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`the fence opened in line ${open.line} is not closed`);
  return fences;
}

/** @throws {Error} no block of this language. */
export function firstFence(markdown: string, language: string): string {
  const fence = listFences(markdown).find((each) => each.language === language);
  if (fence === undefined) throw new Error(`no \`\`\`${language} block`);
  return fence.text;
}
