import type { Plugin } from "esbuild";

/** Where esbuild keeps the modules that stand in for Node's own. */
export const plainBuiltin = "plain-builtin";

/**
 * Takes Node's modules with `process.getBuiltinModule` where the sources import them.
 *
 * An `import` of a module of Node reads every export of it once, and for some exports that loads more of
 * Node: `node:fs` its streams, `node:process` standard input and output. Each costs a command several times
 * as much as loading its own code; `getBuiltinModule` reads nothing. Dynamic imports are left alone: they may
 * ask for a module that this Node.js lacks, and have to reject then.
 */
export function takePlainBuiltins(): Plugin {
  return {
    name: plainBuiltin,
    setup(plugin) {
      plugin.onResolve({ filter: /^node:/ }, ({ kind, path }) =>
        kind === "import-statement" ? { path, namespace: plainBuiltin } : undefined,
      );
      plugin.onLoad({ filter: /^/, namespace: plainBuiltin }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      }));
    },
  };
}
