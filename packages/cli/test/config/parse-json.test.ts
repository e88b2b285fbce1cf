import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../src/config/parse-json.ts";

test.each<[text: string, line: number, column: number]>([
  ["", 1, 1],
  ["export default {", 1, 1],
  ['{ "a": 1, }', 1, 11],
  ['{\n  "a": tru\n}', 2, 11],
  ['{"a":1}}', 1, 8],
  ['{"a": 1 "b": 2}', 1, 9],
  ['{\n"a": ', 2, 5],
  ["// no\n{}", 1, 1],
])("the error in %j is in line %i, column %i", (text, line, column) => {
  expect(() => parseJson("/c.json", text)).toThrowError(
    expect.objectContaining({
      code: "SKM_CONFIG_LOAD",
      details: expect.objectContaining({ file: "/c.json", line, column }),
      message: expect.stringContaining(`"/c.json:${line}:${column}"`),
    }),
  );
});

test("the message does not repeat the file, which may hold a token", () => {
  expect(() => parseJson("/c.json", '{"authToken": SECRET}')).toThrowError(
    expect.objectContaining({ message: expect.not.stringContaining("SECRET") }),
  );
});

test("a byte order mark is no error", () => {
  expect(parseJson("/c.json", '\uFEFF{"url":"x"}')).toEqual({ url: "x" });
});

test("every text is parsed as JSON.parse does, or refused with a place inside it", () => {
  const text = fc.oneof(fc.json(), fc.string({ unit: fc.constantFrom(..."{}[],:\n tru1-.".split(""), '"') }));
  fc.assert(
    fc.property(text, (source) => {
      let expected: unknown;
      try {
        expected = JSON.parse(source);
      } catch {
        expect(() => parseJson("/c.json", source)).toThrowError(
          expect.objectContaining({ code: "SKM_CONFIG_LOAD" }),
        );
        return;
      }
      expect(parseJson("/c.json", source)).toEqual(expected);
    }),
  );
});
