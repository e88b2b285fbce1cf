#!/usr/bin/env node
// Imports nothing before the version is known: what comes next cannot even be parsed by an old Node.js, and
// better-sqlite3 ends one with a segmentation fault. A name imported from a module of Node that an old one
// lacks would be an error before the first line runs, so there is no static import at all.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  useCompileCache();
  const { main } = await import("./main.ts");
  await main();
} else {
  refuse();
}

function refuse(): void {
  const code = "SKM_NODE_VERSION";
  const message = `Node.js ${process.versions.node} is too old, expected 22.18 or newer`;
  const hint = "install a newer Node.js from https://nodejs.org";
  const details = { found: process.versions.node, expected: ">=22.18" };
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, details, hint } }, null, 2)}\n`);
  } else {
    process.stderr.write(`error ${code}: ${message}\nhint: ${hint}\n`);
  }
  process.exitCode = 2;
}

/**
 * Keeps compiled code between runs, in the user's own cache directory: the one that Node takes by itself lies
 * in the shared directory of temporary files, where somebody else could have put something first.
 */
function useCompileCache(): void {
  const { HOME: home, XDG_CACHE_HOME: named, LOCALAPPDATA: local, NODE_COMPILE_CACHE: chosen } = process.env;
  const isAbsolute = (path: string | undefined): path is string => path?.startsWith("/") === true;
  const base = isAbsolute(named) ? named : isAbsolute(home) ? `${home}/.cache` : local;
  // Whoever sets NODE_COMPILE_CACHE has decided, and Node has already done it.
  if (base === undefined || chosen !== undefined) return;
  process.getBuiltinModule("node:module").enableCompileCache(`${base}/skillmeat-migrate/compiled`);
}
