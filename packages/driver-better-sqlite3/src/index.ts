export { betterSqlite3 } from "./better-sqlite3.ts";
export type {
  BetterSqlite3DatabaseOptions,
  BetterSqlite3FileOptions,
  BetterSqlite3Options,
} from "./better-sqlite3.ts";
export type { BetterSqlite3Database, BetterSqlite3Statement } from "./engine.ts";
