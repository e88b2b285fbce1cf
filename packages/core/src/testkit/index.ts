export type { Check, CheckContext, DatabaseUnderTest, Need, Traits } from "./check.ts";
export { rejectsWith } from "./assert-driver-error.ts";
export type { ExpectedDriverError } from "./assert-driver-error.ts";
export { checks, readTraits, testDriver } from "./test-driver.ts";
export type { TestDriverOptions, TestFunction } from "./test-driver.ts";
export { testRevisions } from "./test-revisions.ts";
export type { TestRevisionsOptions } from "./test-revisions.ts";
