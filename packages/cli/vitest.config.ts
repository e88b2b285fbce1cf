import { mergeConfig } from "vitest/config";
import { packageTests } from "../../tools/src/package-tests.ts";

export default mergeConfig(packageTests(), { test: { globalSetup: ["test/support/bundle-cli.ts"] } });
