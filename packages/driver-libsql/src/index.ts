export { libsql } from "./libsql.ts";
export type { LibsqlOptions } from "./libsql.ts";
export type { Fetch } from "./remote/server.ts";
