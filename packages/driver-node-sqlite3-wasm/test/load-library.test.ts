import { expect, test } from "vitest";
import type { WasmDatabase, WasmLibrary, WasmOpenOptions } from "../src/engine.ts";
import { checkedLibrary, loadLibrary } from "../src/load-library.ts";

const library = await loadLibrary();

/** A database whose member is gone or other, as in a version that was reworked. */
function changed(change: (database: WasmDatabase) => void): WasmLibrary["Database"] {
  return function open(path: string, options: WasmOpenOptions) {
    const database = new library.Database(path, options);
    change(database);
    return database;
  } as unknown as WasmLibrary["Database"];
}

const others: readonly (readonly [what: string, library: Partial<WasmLibrary>])[] = [
  ["has no constructor", { Database: undefined as never }],
  ["counts bytes differently", { _sqlite3_column_bytes: () => 1 }],
  ["throws errors without asking its own member", { Database: changed((it) => void Object.freeze(it)) }],
  [
    "gives rows another way",
    {
      Database: changed((it) => {
        const prepare = it.prepare.bind(it);
        it.prepare = (sql) => Object.assign(prepare(sql), { _getRow: () => ({}) });
      }),
    },
  ],
];

test("the installed library is the one that is needed", () => {
  expect(checkedLibrary(library)).toBe(library);
});

test.each(others)("a library that %s is refused with the version to install", (_, parts) => {
  expect(() => checkedLibrary({ ...library, ...parts })).toThrowError(
    expect.objectContaining({
      kind: "unsupported",
      reason: "not-installed",
      hint: "npm install node-sqlite3-wasm@0.8.60",
    }),
  );
});
