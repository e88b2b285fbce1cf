import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  normalizeRows,
  toEngineValues,
  type DriverError,
  type SqlValue,
} from "@skillmeat/migrate-core/driver";

test("safe integers are bound as bigint and nothing else is", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.maxSafeInteger(),
        fc.double({ noNaN: true }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      ),
      (value) => {
        const [bound] = toEngineValues([value]);
        expect(typeof bound).toBe(
          typeof value === "bigint" || Number.isSafeInteger(value) ? "bigint" : "number",
        );
        expect(Number(bound)).toBe(Object.is(value, -0) ? 0 : Number(value));
      },
    ),
  );
});

test("an integer read back is a number exactly when it is safe", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const [[read] = []] = normalizeRows([[value]]);
      expect(BigInt(read as number | bigint)).toBe(value);
      expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? "number" : "bigint");
    }),
  );
});

test("bytes of any class become a plain Uint8Array of the same bytes", () => {
  const [[bytes] = []] = normalizeRows([[Buffer.from("abc")]]);
  expect(bytes?.constructor).toBe(Uint8Array);
  expect(bytes).toEqual(new Uint8Array([97, 98, 99]));
});

test.each<[unknown, string]>([
  [undefined, '"undefined"'],
  [true, '"true"'],
  [Number.NaN, '"NaN"'],
  [{}, '"[object]"'],
  [[1], '"[array]"'],
  [2n ** 63n, '"9223372036854775808n"'],
  ["\uDC00", "text with half a surrogate pair"],
])("%o is refused with its place and not its secret", (value, shown) => {
  const params = [1, value] as SqlValue[];
  let found: unknown;
  try {
    toEngineValues(params);
  } catch (error) {
    found = error;
  }
  expect(found).toMatchObject({ name: "DriverError", kind: "value" });
  expect((found as DriverError).message).toBe(`parameter 2 cannot be bound: ${shown} is not an SQL value`);
});
