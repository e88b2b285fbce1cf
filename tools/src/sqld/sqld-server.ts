import { describe } from "vitest";
import { hasSqld } from "./start-sqld.ts";

export { hasSqld, startSqld } from "./start-sqld.ts";
export type { SqldOptions, SqldServer } from "./start-sqld.ts";

/** `describe`, skipped only on a developer's machine that has no build of the server. */
export const describeWithSqld: typeof describe | typeof describe.skip =
  hasSqld || process.env["CI"] !== undefined ? describe : describe.skip;
