import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listWorkspace } from "../src/workspace-folders.ts";

function workspace(yaml: string): string {
  const root = mkdtempSync(join(tmpdir(), "skm-workspace-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, "pnpm-workspace.yaml"), yaml);
  for (const folder of ["packages/b", "packages/a", "extra", "other"]) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, "package.json"), JSON.stringify({ name: `@x/${folder}` }));
  }
  return root;
}

test("the folders that pnpm-workspace.yaml lists are found, by name", () => {
  const root = workspace('packages:\n  - packages/*\n  - "extra"\n  - missing\nsaveExact: true\n');
  expect(listWorkspace(root).map(({ manifest }) => manifest.name)).toEqual([
    "@x/extra",
    "@x/packages/a",
    "@x/packages/b",
  ]);
});

test("a file without a list is an error", () => {
  expect(() => listWorkspace(workspace("saveExact: true\n"))).toThrow("no list of packages");
});
