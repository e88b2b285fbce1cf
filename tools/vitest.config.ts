import { packageTests } from "./src/package-tests.ts";

export default packageTests({ testTimeout: 120_000 });
