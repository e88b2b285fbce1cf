import { expect, test, vi } from "vitest";
import { DriverError, isMigrationError, MigrationError } from "@skillmeat/migrate-core";

/** The classes as another installation of the package would have them. */
async function otherCopy() {
  vi.resetModules();
  return await import("../../src/index.ts");
}

test("another copy has other classes, and its errors are known all the same", async () => {
  const other = await otherCopy();
  expect(other.MigrationError).not.toBe(MigrationError);
  const failure = new other.MigrationError("SKM_BUSY", "busy");
  expect(failure).toBeInstanceOf(MigrationError);
  expect(isMigrationError(failure, "SKM_BUSY")).toBe(true);
  expect(new other.DriverError("busy", "busy")).toBeInstanceOf(DriverError);
});

test.each([
  ["an ordinary error", new Error("no")],
  ["an object of the same shape", { name: "MigrationError", code: "SKM_BUSY", message: "no" }],
  ["null", null],
  ["a string", "SKM_BUSY"],
])("%s is neither error", (_what, value) => {
  expect(value instanceof MigrationError).toBe(false);
  expect(value instanceof DriverError).toBe(false);
});

test("one error class is not the other, and both are errors", () => {
  const failure: unknown = new MigrationError("SKM_BUSY", "busy");
  expect(failure).toBeInstanceOf(Error);
  expect(failure instanceof DriverError).toBe(false);
  expect(new DriverError("busy", "busy")).not.toBeInstanceOf(MigrationError);
});
