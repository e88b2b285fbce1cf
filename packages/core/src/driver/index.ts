export type { Capabilities } from "./capabilities.ts";
export type { ConnectOptions, Connection, Driver, Executor, UnitOptions } from "./driver.ts";
export { DriverError } from "./driver-error.ts";
export type { DriverErrorKind, DriverErrorOptions, DriverErrorReason } from "./driver-error.ts";
export type { QueryResult, SqlValue, Statement } from "./statement.ts";
