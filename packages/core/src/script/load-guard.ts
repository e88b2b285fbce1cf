import { MigrationError } from "../errors/migration-error.ts";
import { placeOfFile } from "./wrong-export.ts";

/** Watches one import; see {@link guardLoad}. */
export interface LoadGuard {
  /** Resolves when the import can never finish: nothing is left that could wake it. */
  readonly stalled: Promise<{ readonly kind: "refused"; readonly error: MigrationError }>;
  /** The error of a call to `process.exit()` by the module, even when the module caught it. */
  exit(): MigrationError | undefined;
  release(): void;
}

interface Watch {
  readonly path: string;
  readonly url: string;
  exit: MigrationError | undefined;
  stall(error: MigrationError): void;
}

/** What stands on `process` while files are loaded, shared by all copies of this package. */
interface Guard {
  readonly watches: Set<Watch>;
  remove(): void;
}

const guardKey = Symbol.for("@skillmeat/migrate-core: guard of loading");

type Host = typeof process & { [guardKey]?: Guard };

/**
 * Keeps a module that is being imported from ending the process unseen. `process.exit()` throws instead,
 * an exit by another way does not give exit code 0, and a top-level `await` that never settles is noticed
 * before Node ends for want of work.
 *
 * A call of `process.exit()` that does not come from module code, such as a signal handler's, goes through.
 */
export function guardLoad(path: string, url: string): LoadGuard {
  const host: Host = process;
  const { promise: stalled, resolve } = Promise.withResolvers<Awaited<LoadGuard["stalled"]>>();
  const watch: Watch = {
    path,
    url,
    exit: undefined,
    stall: (error) => {
      resolve({ kind: "refused", error });
    },
  };
  const guard = (host[guardKey] ??= installGuard(host));
  guard.watches.add(watch);
  return {
    stalled,
    exit: () => watch.exit,
    release: () => {
      guard.watches.delete(watch);
      if (guard.watches.size === 0) guard.remove();
    },
  };
}

function installGuard(host: Host): Guard {
  const watches = new Set<Watch>();
  // oxlint-disable-next-line typescript/unbound-method -- only called with its process
  const original = host.exit;
  const refuse: typeof process.exit = (exitCode) => {
    const blamed = blame(watches);
    if (blamed.length === 0) return original.call(host, exitCode);
    const error = exitError(blamed, exitCode);
    for (const watch of blamed) watch.exit = error;
    throw error;
  };
  const stall = (): void => {
    for (const watch of watches) watch.stall(stallError(watch.path));
  };
  const failExit = (exitCode: number): void => {
    if (exitCode === 0) host.exitCode = 4;
  };
  setExit(host, refuse);
  host.on("beforeExit", stall);
  host.on("exit", failExit);
  return {
    watches,
    remove: () => {
      if (host.exit === refuse) setExit(host, original);
      host.off("beforeExit", stall);
      host.off("exit", failExit);
      delete host[guardKey];
    },
  };
}

/** Replaces it for `import { exit } from "node:process"` too, which reads a copy. */
function setExit(host: Host, exit: typeof process.exit): void {
  host.exit = exit;
  host.getBuiltinModule("node:module").syncBuiltinESMExports();
}

/** The imports that the caller of `process.exit()` belongs to: by the file, else by running as a module. */
function blame(watches: ReadonlySet<Watch>): readonly Watch[] {
  if (watches.size === 0) return [];
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  const stack = String(new Error("exit").stack);
  Error.stackTraceLimit = stackTraceLimit;
  const all = [...watches];
  const named = all.filter(({ path, url }) => stack.includes(url) || stack.includes(path));
  if (named.length > 0) return named;
  return stack.includes("node:internal/modules/") ? all : [];
}

function exitError(blamed: readonly Watch[], exitCode: unknown): MigrationError {
  const places = blamed.map(({ path }) => placeOfFile(path).label()).join(" or ");
  return new MigrationError("SKM_SCRIPT_EXIT", `${places} calls process.exit() while it is loaded`, {
    details: { path: blamed[0]?.path, exitCode: exitCode ?? null },
    hint: "throw an error instead, and keep everything but definitions inside upgrade() and downgrade()",
  });
}

function stallError(path: string): MigrationError {
  return new MigrationError("SKM_SCRIPT_LOAD", `${placeOfFile(path).label()} never finishes loading`, {
    details: { path },
    hint: "a top-level `await` in it or in a file that it imports waits for something that never happens",
  });
}
