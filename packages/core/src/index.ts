export { errorCodes } from "./errors/codes.ts";
export type { ErrorCode, ErrorCodeInfo } from "./errors/codes.ts";
export { isMigrationError, MigrationError } from "./errors/migration-error.ts";
export type { ErrorDetails, MigrationErrorOptions } from "./errors/migration-error.ts";
export * from "./driver/index.ts";
export type { RevisionInfo, Step } from "./revision/revision-info.ts";
