import assert from "node:assert/strict";
import { DriverError, type DriverErrorKind, type DriverErrorReason } from "../driver/driver-error.ts";

export interface ExpectedDriverError {
  readonly kind: DriverErrorKind;
  readonly reason?: DriverErrorReason;
  readonly step?: number;
  readonly outcome?: "rolled-back" | "unknown";
}

/** Asserts that a promise rejects with a `DriverError` that has these facts, and returns it. */
export async function rejectsWith(
  promise: Promise<unknown>,
  expected: ExpectedDriverError,
): Promise<DriverError> {
  const error = await promise.then(
    (value) => assert.fail(`expected an error of kind ${expected.kind}, got ${describe(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DriverError, `expected a DriverError, got ${describe(error)}`);
  const found = Object.fromEntries(
    Object.keys(expected).map((key) => [key, Reflect.get(error, key) as unknown]),
  );
  assert.deepEqual(found, { ...expected }, error.message);
  return error;
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : typeof value;
}
