import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory of its own for the running test, deleted at its end. */
export function temporaryDirectory(): string {
  const directory = makeDirectory();
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** A directory that the caller deletes. */
export function makeDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "skillmeat-cli-")));
}
