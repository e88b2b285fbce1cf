import { expect, test } from "vitest";
import { entryStem, listEntries } from "../src/package-entries.ts";

const manifest = { name: "a", version: "1.0.0" };

test("exports and commands become entries that mirror their sources", () => {
  const entries = listEntries({
    ...manifest,
    bin: { run: "./dist/bin.js" },
    exports: {
      ".": { source: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./driver": {
        source: "./src/driver/index.ts",
        types: "./dist/driver/index.d.ts",
        default: "./dist/driver/index.js",
      },
      "./package.json": "./package.json",
    },
  });
  expect(entries.map((entry) => [entry.id, entryStem(entry), entry.types])).toEqual([
    [".", "index", "./dist/index.d.ts"],
    ["./driver", "driver/index", "./dist/driver/index.d.ts"],
    ["bin:run", "bin", null],
  ]);
});

test.each([
  ["source", { types: "./dist/index.d.ts", default: "./dist/index.js" }],
  ["output", { source: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/main.js" }],
  ["types", { source: "./src/index.ts", types: "./types/index.d.ts", default: "./dist/index.js" }],
])("an export with another %s is refused", (key, target) => {
  expect(() => listEntries({ ...manifest, exports: { ".": target } })).toThrow(`exports["."] has ${key}`);
});

test("a package that publishes nothing is refused", () => {
  expect(() => listEntries({ ...manifest, exports: { "./package.json": "./package.json" } })).toThrow(
    "neither exports nor bin",
  );
});
