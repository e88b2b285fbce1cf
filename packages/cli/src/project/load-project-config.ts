import { readAssignments } from "../arguments/read-assignments.ts";
import { findConfig } from "../config/find-config.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { assertUtf8, readEnvironment } from "../database/read-environment.ts";
import { findSecrets } from "../output/redactor.ts";
import type { Invocation } from "./invocation.ts";

/** Finds and imports the configuration, whose secrets do not come out again. */
export async function loadProjectConfig(invocation: Invocation): Promise<LoadedConfig | undefined> {
  const { cwd, env, output } = invocation;
  const option = invocation.arguments.values.get("config")?.[0];
  if (option !== undefined) assertUtf8(option, "the value of --config");
  const words = invocation.arguments.values.get("x") ?? [];
  const x = readAssignments(words);
  const file = findConfig({ cwd, named: option ?? readEnvironment(env, "SKILLMEAT_MIGRATE_CONFIG") });
  const loaded = file === undefined ? undefined : await importConfig(invocation, file, x);
  registerSecrets(invocation, loaded);
  if (words.length > 0 && loaded?.isFunction !== true) {
    output.alert("warning: -x is not used: there is no configuration that is a function", "warning");
  }
  return loaded;
}

async function importConfig(
  invocation: Invocation,
  file: string,
  x: ReturnType<typeof readAssignments>,
): Promise<LoadedConfig> {
  const { loadConfig } = await import("../config/load-config.ts");
  invocation.supervision.enter("config");
  const loaded = await loadConfig(file, x);
  invocation.supervision.enter("command");
  return loaded;
}

/** What the configuration and the URL bring in must not come out again. */
function registerSecrets({ secrets }: Invocation, loaded: LoadedConfig | undefined): void {
  const { authToken, url } = loaded?.config ?? {};
  for (const secret of [authToken ?? "", ...findSecrets([url ?? ""])]) secrets.add(secret);
}
