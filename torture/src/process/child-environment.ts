import { join } from "node:path";

/** The environment of every process that is started: ours, with V8's compiled code kept between the starts. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const cache = join(import.meta.dirname, "..", "..", "node_modules", ".cache", "compiled");
  return { ...process.env, NODE_COMPILE_CACHE: cache };
}
