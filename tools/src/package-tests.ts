import { defineConfig, type ViteUserConfig } from "vitest/config";

export interface PackageTestOptions {
  /** Milliseconds one test may take, 30,000 unless told. */
  readonly testTimeout?: number;
}

/**
 * The test configuration of one package: sources instead of builds (the `source` condition), and a JSON
 * report that `.ci/run` adds up, so that the number of tests it prints is counted and not claimed.
 */
export function packageTests(options: PackageTestOptions = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: ["source"] },
    ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
    test: {
      include: ["test/**/*.test.ts"],
      testTimeout: options.testTimeout ?? 30_000,
      hookTimeout: 60_000,
      reporters: ["default", "json"],
      outputFile: { json: "node_modules/.cache/test-report.json" },
    },
  });
}
