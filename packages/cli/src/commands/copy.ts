import { copyDatabase, quoteForMessage, type CopyResult, type CopyTarget } from "@skillmeat/migrate-core";
import { readDuration } from "../arguments/read-duration.ts";
import { showDatabase } from "../database/choose-database.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { chooseCopy, type CopyChoice, type CopyPlace } from "../database/choose-copy.ts";
import { createDriver } from "../database/create-driver.ts";
import { warnAboutToken } from "../database/warn-about-token.ts";
import { showCount, showDuration, showNumber } from "../output/phrases.ts";
import { reportCopy } from "../output/report-copy.ts";
import type { Invocation } from "../project/invocation.ts";
import { loadProjectConfig } from "../project/load-project-config.ts";
import type { Command } from "./command.ts";

/** `copy <from-url> <to-url>` */
export const copy: Command = async (invocation) => {
  const { arguments: parsed, env, cwd, output, now } = invocation;
  const [from = "", to = ""] = parsed.operands;
  warnAboutToken(output, [from, to]);
  const loaded = await loadProjectConfig(invocation);
  const choice = chooseCopy({ env, cwd, from, to, driver: parsed.values.get("driver")?.[0], loaded });
  for (const place of [choice.from, choice.to]) {
    if (place.kind === "remote") invocation.secrets.add(place.remote.authToken ?? "");
  }
  const waitMs = readWait(parsed.values.get("lock-timeout")?.[0], loaded);
  const startedAt = now();
  const result = await copyDatabase({
    from: createDriver(choice.from, sayDriver(invocation, choice.from)),
    to: targetFor(invocation, choice.to),
    replace: parsed.switches.has("replace"),
    ...(waitMs === undefined ? {} : { waitMs }),
    onEvent: reportCopy(invocation),
  });
  presentCopy(invocation, choice, { result, durationMs: now() - startedAt });
  return 0;
};

function readWait(timeout: string | undefined, loaded: LoadedConfig | undefined): number | undefined {
  return timeout === undefined ? loaded?.config.lockTimeoutMs : readDuration("--lock-timeout", timeout);
}

function targetFor(invocation: Invocation, choice: CopyPlace): CopyTarget {
  const say = sayDriver(invocation, choice);
  if (choice.kind === "remote") return { kind: "database", driver: createDriver(choice, say) };
  return { kind: "file", path: choice.path, open: (path) => createDriver({ ...choice, path }, say) };
}

function sayDriver({ output }: Invocation, choice: CopyPlace): (line: string) => void {
  return (line) => {
    if (output.mode.verbose) output.talk(`${showDatabase(choice)}: ${line}`);
  };
}

function presentCopy(
  { output }: Invocation,
  choice: CopyChoice,
  { result, durationMs }: { readonly result: CopyResult; readonly durationMs: number },
): void {
  const { tables, rows, replaced, skipped, leftOut } = result;
  const [from, to] = [showDatabase(choice.from), showDatabase(choice.to)];
  const what = `${showCount(tables.length, "table")} with ${showNumber(rows)} ${rows === 1 ? "row" : "rows"}`;
  const end = replaced ? ", in place of what was there" : "";
  output.talk(`${to}: copied ${what} from ${from} in ${showDuration(durationMs)}${end}`);
  for (const part of skipped) {
    output.alert(`warning: not copied, because ${to} does not take it: ${part}`, "warning");
  }
  for (const name of leftOut) {
    output.alert(
      `warning: not copied, because engines keep names like this for themselves: table ${quoteForMessage(name)}`,
      "warning",
    );
  }
  output.present({
    text: "",
    document: { command: "copy", from, to, replaced, rows, tables, skipped, leftOut },
  });
}
