import Database from "better-sqlite3";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderLiteral, type LiteralValue } from "@skillmeat/migrate-core";

describe("renderLiteral", () => {
  test.each<[LiteralValue, string]>([
    ["", "''"],
    ["it's", "'it''s'"],
    ["a\0b", "('a' || char(0) || 'b')"],
    ["1); DROP TABLE y", "'1); DROP TABLE y'"],
    [0, "0"],
    [-0, "-0.0"],
    [-5, "-5"],
    [1.5, "1.5"],
    [1e21, "1e+21"],
    [5e-324, "5e-324"],
    [2 ** 53, "9007199254740992.0"],
    [2 ** 53 - 1, "9007199254740991"],
    [2n ** 63n - 1n, "9223372036854775807"],
    [-(2n ** 63n), "-9223372036854775808"],
    [true, "1"],
    [false, "0"],
    [null, "NULL"],
    [new Uint8Array([0, 10, 255]), "X'000AFF'"],
    [new Uint8Array(), "X''"],
  ])("%# writes a value as %s", (value, expected) => {
    expect(renderLiteral(value)).toBe(expected);
  });

  test.each([
    [NaN, "it is not a finite number"],
    [Infinity, "it is not a finite number"],
    [-Infinity, "it is not a finite number"],
    [2n ** 63n, "it does not fit into 64 bits"],
    [-(2n ** 63n) - 1n, "it does not fit into 64 bits"],
    ["\ud800", "it holds half of a surrogate pair"],
    [undefined, "it is no value that SQLite stores"],
    [{}, "it is no value that SQLite stores"],
    [[1], "it is no value that SQLite stores"],
    [new Date(0), "it is no value that SQLite stores"],
    [() => 1, "it is no value that SQLite stores"],
    [Symbol("x"), "it is no value that SQLite stores"],
  ])("%# refuses what has no literal: %s", (value, problem) => {
    expect(() => renderLiteral(value as LiteralValue)).toThrow(
      expect.objectContaining({ code: "SKM_LITERAL", details: expect.objectContaining({ problem }) }),
    );
  });

  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }).filter((value) => value.isWellFormed()),
    fc
      .array(fc.constantFrom("'", "\0", "\n", "a", "é", "😀", "\\", "--"), { maxLength: 8 })
      .map((parts) => parts.join("")),
  );
  const value: fc.Arbitrary<LiteralValue> = fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 12 }),
  );

  for (const encoding of ["UTF-8", "UTF-16le"]) {
    test(`a value comes back from SELECT as it was, in a database of ${encoding}`, () => {
      const db = new Database(":memory:");
      db.pragma(`encoding = '${encoding}'`);
      db.exec("CREATE TABLE fixes_the_encoding (a)");
      fc.assert(
        fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
          const select = db
            .prepare(`SELECT ${values.map(renderLiteral).join(", ")}`)
            .raw()
            .safeIntegers();
          expect((select.get() as unknown[]).map(normal)).toEqual(values.map(stored));
        }),
        { numRuns: 3_000 },
      );
    });
  }

  test("a value comes back from a default as it was", () => {
    const db = new Database(":memory:");
    fc.assert(
      fc.property(value, (given) => {
        db.exec(
          `DROP TABLE IF EXISTS t; CREATE TABLE t (id, a DEFAULT ${renderLiteral(given)}); INSERT INTO t (id) VALUES (1)`,
        );
        const found = db.prepare("SELECT a FROM t").pluck().safeIntegers().get();
        expect(normal(found)).toEqual(stored(given));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What SQLite holds after the literal: a REAL is a number, an INTEGER a bigint. */
function stored(value: LiteralValue): unknown {
  if (typeof value === "boolean") return BigInt(value);
  return typeof value === "number" && Number.isSafeInteger(value) && !Object.is(value, -0)
    ? BigInt(value)
    : value;
}

function normal(value: unknown): unknown {
  return Buffer.isBuffer(value) ? new Uint8Array(value) : value;
}
