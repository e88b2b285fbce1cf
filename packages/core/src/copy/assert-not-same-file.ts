import { statSync } from "node:fs";
import type { Connection } from "../driver/driver.ts";
import { quoteForMessage } from "../errors/quote-for-message.ts";
import { refuseTarget } from "./copy-error.ts";
import { readFilePath, type Source } from "./read-source.ts";

/** @throws {MigrationError} SKM_COPY_TARGET: source and target are one file, whatever their names. */
export async function assertNotSameFile({ file }: Source, target: Connection): Promise<void> {
  if (file === undefined || target.capabilities.lock === "server") return;
  const from = identify(file.path);
  const to = identify(await readFilePath(target));
  if (from === undefined || to === undefined) return;
  if (from.dev !== to.dev || from.ino !== to.ino) return;
  throw refuseTarget(
    `source and target are the same file, ${quoteForMessage(file.path)}`,
    "name another target",
  );
}

function identify(path: string) {
  return path === "" ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
}
