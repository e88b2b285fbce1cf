/** What configurations and revisions import, and this program brings along. */
const own: ReadonlySet<string> = new Set(["@skillmeat/migrate-cli", "@skillmeat/migrate-core"]);

let isProvided = false;

/**
 * Lets the files of a project import the packages of this program, also where the project has not installed
 * them: the program may be installed for the whole machine, or run by npx. What the project has installed comes
 * first. Called before the first import, so that a command that imports nothing does not pay for it.
 */
export function providePackages(): void {
  if (isProvided) return;
  isProvided = true;
  const { registerHooks } = process.getBuiltinModule("node:module");
  registerHooks({
    resolve: (specifier, context, next) => {
      if (!own.has(specifier)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
