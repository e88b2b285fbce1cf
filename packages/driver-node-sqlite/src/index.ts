export { nodeSqlite } from "./node-sqlite.ts";
export type { NodeSqliteOptions } from "./node-sqlite.ts";
