export { defineConfig } from "./config/config.ts";
export type { Config, ConfigContext, ConfigDefinition } from "./config/config.ts";
export type { Assignments } from "./arguments/read-assignments.ts";
export type { DriverName } from "./database/driver-name.ts";
export { runCli } from "./run-cli.ts";
export type { CliWorld } from "./run-cli.ts";
export type { TextSink } from "./output/text-sink.ts";
export type { Activity, Supervise, Supervision } from "./process/supervise-process.ts";
export type { Terminal } from "./process/terminal.ts";
