import { readPosition, type SyntaxPosition } from "./syntax-position.ts";

/** Milliseconds that a parser in another process may take. */
const timeout = 10_000;

/** A file that could not be parsed. */
export interface BrokenSource {
  readonly text: string;
  readonly isTypeScript: boolean;
  /** What the parser said. */
  readonly message: string;
}

/**
 * Finds out where a syntax error lies that came without a position, which is the rule for plain
 * JavaScript: `import()` reports neither file nor line. The text is parsed again by `node --check`, which
 * reports them and runs nothing.
 *
 * @returns `undefined` when the host is not Node.js, or when parsing again gives another error
 */
export function findSyntaxPosition({
  text,
  isTypeScript,
  message,
}: BrokenSource): SyntaxPosition | undefined {
  const source = isTypeScript ? stripTypes(text) : text;
  if (source === undefined || !isPlainNode()) return undefined;
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  // Without the options of this process, which may preload modules or open a debugger port.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stderr } = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
    input: source,
    encoding: "utf8",
    timeout,
    windowsHide: true,
    env,
  });
  const report = stderr ?? "";
  return report.includes(`SyntaxError: ${message}`) ? readPosition(report, text) : undefined;
}

/** Blanks out types, so that every position stays. `undefined` when this Node.js cannot. */
function stripTypes(text: string): string | undefined {
  const { stripTypeScriptTypes } = process.getBuiltinModule("node:module");
  try {
    return stripTypeScriptTypes(text);
  } catch {
    // The error that is being explained is already at hand; a second one adds nothing.
    return undefined;
  }
}

/** Whether `process.execPath` understands the options of Node.js. */
function isPlainNode(): boolean {
  const { versions } = process;
  return (
    versions["bun"] === undefined && versions["electron"] === undefined && versions["deno"] === undefined
  );
}
