import process from "node:process";
import { mergeConfig } from "vitest/config";
import { packageTests } from "../tools/src/package-tests.ts";

const minute = 60_000;
const testTimeout = process.env["TORTURE"] === "full" ? 600 * minute : 5 * minute;

/** One file at a time: every test here keeps both cores busy with processes of its own. */
export default mergeConfig(packageTests({ testTimeout }), { test: { fileParallelism: false } });
