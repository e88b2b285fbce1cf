import { dirname } from "node:path";
import type { RevisionFileStyle } from "@skillmeat/migrate-core";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Invocation } from "../project/invocation.ts";
import { readTemplate } from "./read-template.ts";
import { runHooks } from "./run-hooks.ts";

/** How the project wants its revision files, and what `--sql` changes about it. */
export function readStyle(invocation: Invocation, loaded: LoadedConfig | undefined): RevisionFileStyle {
  const { env, output, arguments: parsed } = invocation;
  const names = styleOfNames(loaded);
  const directory = loaded === undefined ? invocation.cwd : dirname(loaded.file);
  const template = parsed.switches.has("sql")
    ? {}
    : readTemplate(loaded?.config.template ?? "typescript", directory);
  const hooks = loaded?.config.postWriteHooks ?? [];
  return {
    ...names,
    ...template,
    ...(parsed.switches.has("sql") ? { format: "sql" } : {}),
    ...(loaded === undefined || hooks.length === 0
      ? {}
      : {
          afterWrite: async (path: string) => {
            await runHooks(path, hooks, {
              directory,
              env,
              talk: (line) => {
                output.talk(line);
              },
            });
          },
        }),
  };
}

function styleOfNames(loaded: LoadedConfig | undefined): Pick<RevisionFileStyle, "fileName" | "slugLength"> {
  const { fileName, slugLength } = loaded?.config ?? {};
  return {
    ...(fileName === undefined ? {} : { fileName }),
    ...(slugLength === undefined ? {} : { slugLength }),
  };
}
