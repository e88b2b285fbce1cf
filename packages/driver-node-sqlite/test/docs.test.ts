import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { checks } from "@skillmeat/migrate-core/testkit";
import { firstFence } from "../../../tools/src/markdown-fences.ts";

const page = readFileSync(new URL("../../../docs/writing-a-driver.md", import.meta.url), "utf8");

test(
  "the test in docs/writing-a-driver.md runs all checks that the driver is for, and they pass",
  { timeout: 120_000 },
  async () => {
    // Inside the package, where its dependencies are found.
    const directory = mkdtempSync(join(import.meta.dirname, "..", "node_modules", "docs-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const program = firstFence(page, "js").replace(
      "@skillmeat/migrate-driver-node-sqlite",
      "../../src/index.ts",
    );
    writeFileSync(join(directory, "conformance.mjs"), program);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=source", "--test-reporter=tap", "conformance.mjs"],
      { cwd: directory, env: { PATH: process.env["PATH"] ?? "" }, maxBuffer: 1 << 24 },
    );
    // A driver without round trips has no `unitIf`, which would save one.
    const left = checks.filter(({ name }) => name.startsWith("condition."));
    expect(stdout).toContain(`# pass ${checks.length - left.length}\n# fail 0\n`);
    expect(stdout).toContain(`# skipped ${left.length}\n`);
  },
);

test("every area of checks has a section, which a check that fails leads to", () => {
  const sections = [...page.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  expect(new Set(sections)).toEqual(new Set(checks.map(({ name }) => name.split(".")[0])));
});
