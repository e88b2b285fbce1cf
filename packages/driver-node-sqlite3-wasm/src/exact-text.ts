import type { SqlValue } from "@skillmeat/migrate-core/driver";
import { copied, type WasmDatabase, type WasmLibrary, type WasmStatement } from "./engine.ts";

/**
 * Carries text with a NUL, which the library cuts there in both directions: it knows C strings only. SQLite's own
 * functions take and give a length, and a second statement lends the memory in between.
 */
export interface ExactText {
  /** Binds again the values that contain a NUL. */
  bind(statement: WasmStatement, values: readonly SqlValue[]): void;
  /** @returns the text of a column of the current row in full, where `cut` is not all of it. */
  read(statement: WasmStatement, column: number, cut: string): string;
  /** Frees the second statement. */
  close(): void;
}

export function createExactText(library: WasmLibrary, database: WasmDatabase): ExactText {
  let lender: WasmStatement | undefined;
  const borrow = (): WasmStatement => (lender ??= database.prepare("SELECT ?"));
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    bind: (statement, values) => {
      for (const [index, value] of values.entries()) {
        if (typeof value !== "string" || !value.includes("\0")) continue;
        const bytes = Buffer.from(value);
        const memory = borrow();
        memory._bind([bytes]);
        memory._step();
        const address = library._sqlite3_column_blob(memory._ptr, 0);
        const { length } = bytes;
        database._handleError(library._sqlite3_bind_text(statement._ptr, index + 1, address, length, copied));
        memory._reset();
      }
    },
    read: (statement, column, cut) => {
      const length = library._sqlite3_column_bytes(statement._ptr, column);
      if (length === Buffer.byteLength(cut)) return cut;
      const memory = borrow();
      memory._reset();
      const address = library._sqlite3_column_blob(statement._ptr, column);
      database._handleError(library._sqlite3_bind_blob(memory._ptr, 1, address, length, copied));
      memory._step();
      const bytes = memory._getRow(["text"], false)["text"];
      memory._reset();
      return bytes instanceof Uint8Array ? decoder.decode(bytes) : cut;
    },
    close: () => {
      lender?.finalize();
      lender = undefined;
    },
  };
}
