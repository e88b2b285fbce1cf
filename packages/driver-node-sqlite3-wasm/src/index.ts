export { nodeSqlite3Wasm } from "./node-sqlite3-wasm.ts";
export type { NodeSqlite3WasmOptions } from "./node-sqlite3-wasm.ts";
