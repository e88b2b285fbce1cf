import { DriverError, readOnce } from "@skillmeat/migrate-core/driver";
import { createEngine } from "./create-engine.ts";
import { classifyError, importLibrary, type WasmLibrary } from "./engine.ts";

/**
 * Loads the library the driver was installed for and tries it out.
 *
 * @throws {DriverError} kind `unsupported`, reason `not-installed`: also where the version works differently inside.
 */
export async function loadLibrary(): Promise<WasmLibrary> {
  return checkedLibrary(await importInstalled());
}

/** @throws {DriverError} kind `unsupported`, reason `not-installed`: the library is another one inside. */
export function checkedLibrary(library: WasmLibrary): WasmLibrary {
  try {
    assertUsable(library);
    return library;
  } catch (cause) {
    throw new DriverError(
      "unsupported",
      'the package "node-sqlite3-wasm" that is installed works differently inside than the one that is needed',
      { cause, reason: "not-installed", hint: "npm install node-sqlite3-wasm@0.8.60" },
    );
  }
}

async function importInstalled(): Promise<WasmLibrary> {
  try {
    return await importLibrary();
  } catch (cause) {
    const detail = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new DriverError("unsupported", `cannot load the package "node-sqlite3-wasm": ${detail}`, {
      cause,
      reason: "not-installed",
      hint: "install it beside this driver: npm install node-sqlite3-wasm",
    });
  }
}

const probe = "SELECT 1 AS a, 'x' AS a, char(97, 0, 98) AS \"0\" WHERE ";

/** Duplicate names, numbers as names, a NUL, an empty result and an error: what the documented members get wrong. */
function assertUsable(library: WasmLibrary): void {
  const engine = createEngine(library, ":memory:", "write");
  try {
    assertEqual(readOnce(engine, `${probe} 1`), [[1, "x", "a\0b"]]);
    const empty = engine.prepare(`${probe} 0`);
    assertEqual([empty.all([]), empty.columns()], [[], ["a", "a", "0"]]);
    assertEqual(
      kindOfSyntaxError(() => engine.exec("SELEC 1")),
      "SQLITE_ERROR",
    );
  } finally {
    engine.close();
  }
}

function kindOfSyntaxError(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return classifyError(error)?.engineCode;
  }
  return undefined;
}

function assertEqual(found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new TypeError(`expected ${right}, found ${left}`);
}
