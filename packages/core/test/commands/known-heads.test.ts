import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { makeDirectory, revisionText } from "../script/project.ts";
import { failureOf } from "../support/failure-of.ts";
import { migratorFor, temporaryPath } from "../support/temporary-database.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** From this number of files on, their headers are kept. */
const count = 500;

test("whether a large project has anything to do is answered without reading its files", async () => {
  const files = Array.from({ length: count }, (_, index) => [
    `revisions/${index}.mjs`,
    revisionText(`r${index}`, index === 0 ? null : `r${index - 1}`),
  ]);
  const directory = makeDirectory(Object.fromEntries(files));
  mkdirSync(join(directory, "node_modules"));
  const revisions = join(directory, "revisions");
  // What was just written has settled.
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + 3_600_000);
  const path = temporaryPath();
  await migratorFor(path, revisions).stamp("head");

  const fs = process.getBuiltinModule("node:fs");
  const spy = vi.spyOn(fs, "readFileSync");
  const reads = (): number => spy.mock.calls.filter(([file]) => String(file).endsWith(".mjs")).length;
  for (const target of ["head", "heads"]) {
    expect(await migratorFor(path, revisions).upgrade(target)).toMatchObject({
      outcome: "nothing-to-do",
      headsAfter: [`r${count - 1}`],
    });
  }
  expect(reads()).toBe(0);

  // A revision more is noticed, and so is a broken file.
  writeFileSync(join(revisions, `${count}.mjs`), revisionText(`r${count}`, `r${count - 1}`));
  expect(await migratorFor(path, revisions).upgrade()).toMatchObject({ headsAfter: [`r${count}`] });
  writeFileSync(join(revisions, "7.mjs"), "nothing");
  expect(await failureOf(migratorFor(path, revisions).upgrade())).toMatchObject({ exitCode: 4 });
  rmSync(join(revisions, "7.mjs"));
  expect(await failureOf(migratorFor(path, revisions).upgrade())).toMatchObject({
    code: "SKM_GRAPH_MISSING",
  });
}, 60_000);
