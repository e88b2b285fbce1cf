// Builds the package in the working directory: `node ../../tools/build.mjs`.
import process from "node:process";
import { buildPackage } from "./src/build-package.ts";

await buildPackage(process.cwd());
