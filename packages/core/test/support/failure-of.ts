import { expect } from "vitest";
import type { MigrationError } from "@skillmeat/migrate-core";

/** The error that a promise rejects with; resolving fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<MigrationError> {
  return await promise.then(
    () => expect.unreachable("it should have failed"),
    (error: MigrationError) => error,
  );
}
